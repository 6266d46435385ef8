package dev.flinkvideo.jobs.cli;

import dev.flinkvideo.jobs.BrokerUnreachableException;
import dev.flinkvideo.jobs.KafkaAccess;
import dev.flinkvideo.jobs.TopicsException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tail}: prints the records of a topic as JSON lines, segments without their pictures. */
@Command(
    footer = {
      "",
      "Examples:",
      "  flink-video tail video.events --bootstrap localhost:9092 --from-beginning",
      "  flink-video tail video.observations --max 5 --timeout 1m"
    })
final class TailCommand implements Callable<Integer> {
  private static final Duration POLL_AT_MOST = Duration.ofMillis(200);

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "TOPIC",
      description = "For example video.observations, with or without the prefix.")
  private String name;

  @Mixin private KafkaOptions kafka;

  @Option(
      names = "--from-beginning",
      description = "Start with the oldest record (default: with the next one).")
  private boolean fromBeginning;

  @Option(
      names = "--max",
      paramLabel = "N",
      defaultValue = "" + Long.MAX_VALUE,
      description = "End after N records.")
  private long max;

  @Option(
      names = "--timeout",
      paramLabel = "T",
      defaultValue = "10s",
      converter = DurationConverter.class,
      description =
          "End when nothing came for so long; 0s waits for ever (default: ${DEFAULT-VALUE}).")
  private Duration timeout;

  TailCommand() {}

  @Override
  public Integer call()
      throws BrokerUnreachableException,
          TopicsException,
          UnusableInputException,
          InterruptedException {
    if (max < 1) {
      throw new UnusableInputException("--max=%d is too few: say 1 or more".formatted(max));
    }
    KafkaAccess access = kafka.access();
    String prefix = access.topics().prefix();
    String topic = name.startsWith(prefix) ? name : prefix + name;
    checkTopic(access, topic);
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(access)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      if (fromBeginning) {
        consumer.seekToBeginning(partitions);
      } else {
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position); // now, not at some later poll
      }
      RecordLines lines = new RecordLines(topic);
      new PrintedRecords(spec.commandLine().getOut(), max, timeout)
          .print(() -> consumer.poll(POLL_AT_MOST), record -> Optional.of(lines.line(record)));
    }
    return 0;
  }

  private static void checkTopic(KafkaAccess access, String topic)
      throws BrokerUnreachableException, TopicsException, InterruptedException {
    try (Admin admin = access.connect()) {
      TreeSet<String> existing = new TreeSet<>(admin.listTopics().names().get());
      if (!existing.contains(topic)) {
        throw new TopicsException(
            "topic=%s does not exist at bootstrap=%s, or is not to be seen by this user: there %s"
                .formatted(
                    topic,
                    access.bootstrap(),
                    existing.isEmpty() ? "is none" : "are " + String.join(", ", existing)));
      }
    } catch (ExecutionException e) {
      throw new TopicsException("cannot list topics: " + e.getCause().getMessage(), e);
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(KafkaAccess access) {
    Properties settings = access.client();
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 << 20);
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
