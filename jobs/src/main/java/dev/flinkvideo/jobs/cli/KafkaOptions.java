package dev.flinkvideo.jobs.cli;

import dev.flinkvideo.jobs.KafkaAccess;
import dev.flinkvideo.jobs.Topics;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Which Kafka, how to authenticate there, and what the topics are called, for every command that
 * reads or writes them. Secrets come from a file: arguments are in the list of processes. A picocli
 * mixin.
 */
final class KafkaOptions {
  /**
   * So few letters apart, an unknown key is a known one mistyped, not one of somebody's plug-in.
   */
  private static final LevenshteinDistance TYPO = new LevenshteinDistance(2);

  @Mixin private BootstrapOption bootstrap;

  @Option(
      names = "--kafka-properties",
      paramLabel = "FILE",
      description =
          "Settings of Kafka's clients, for example how to authenticate: what Kafka's own tools take with"
              + " --command-config.")
  private Path file;

  @Option(
      names = "--topics.prefix",
      paramLabel = "P",
      defaultValue = "",
      description = "Put before the name of every topic, as in the job.")
  private String prefix;

  KafkaOptions() {}

  KafkaAccess access() throws UnusableInputException {
    Properties settings = file == null ? new Properties() : read(file);
    Object named = settings.remove(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG);
    String address = named == null ? bootstrap.value() : bootstrap.or(named.toString());
    return new KafkaAccess(address, new Topics(prefix), settings);
  }

  private static Properties read(Path file) throws UnusableInputException {
    Properties settings = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      settings.load(reader);
    } catch (NoSuchFileException e) {
      throw new UnusableInputException("--kafka-properties=%s does not exist".formatted(file), e);
    } catch (IOException | IllegalArgumentException e) { // the latter: a bad \\u escape
      throw new UnusableInputException(
          "--kafka-properties=%s cannot be read as properties: %s".formatted(file, e.getMessage()),
          e);
    }
    Set<String> known = knownKeys();
    for (String key : settings.stringPropertyNames()) {
      if (!known.contains(key)) {
        refuseTypo(file, key, known);
      }
    }
    return settings;
  }

  /** Kafka's clients only log a key that they do not know, and go on without it. */
  private static void refuseTypo(Path file, String key, Set<String> known)
      throws UnusableInputException {
    for (String meant : known) {
      if (TYPO.apply(key, meant) >= 0) {
        throw new UnusableInputException(
            "--kafka-properties=%s: unknown key '%s', did you mean '%s'?"
                .formatted(file, key, meant));
      }
    }
  }

  private static Set<String> knownKeys() {
    Set<String> known = new TreeSet<>(AdminClientConfig.configNames());
    known.addAll(ConsumerConfig.configNames());
    known.addAll(ProducerConfig.configNames());
    return known;
  }
}
