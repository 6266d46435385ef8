package dev.flinkvideo.jobs.cli;

import dev.flinkvideo.ingest.kafka.FilePublisher;
import dev.flinkvideo.ingest.kafka.Playback;
import dev.flinkvideo.ingest.kafka.SegmentPublisher;
import dev.flinkvideo.ingest.transport.CompleteTimes;
import dev.flinkvideo.ingest.transport.Container;
import dev.flinkvideo.ingest.transport.ContainerPackager;
import dev.flinkvideo.ingest.transport.FileSource;
import dev.flinkvideo.ingest.transport.PackagingException;
import dev.flinkvideo.ingest.transport.UnreadableMediaException;
import dev.flinkvideo.jobs.BrokerUnreachableException;
import dev.flinkvideo.jobs.KafkaAccess;
import dev.flinkvideo.jobs.TopicCreation;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.jobs.TopicsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code publish}: a file as a session on the segments topic. */
@Command(
    footer = {
      "",
      "Examples:",
      "  flink-video publish clip.mp4 --session clip --bootstrap localhost:9092",
      "  flink-video publish clip.mp4 --session live --realtime --loop",
      "  flink-video publish clip.mp4 --session clip-ts --as mp2t"
    })
final class PublishCommand implements Callable<Integer> {
  private enum Form {
    segments,
    mp2t,
    mp4
  }

  /** As many as the job creates. */
  private static final int PARTITIONS = 4;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "Any container or elementary stream.")
  private Path file;

  @Option(
      names = "--session",
      required = true,
      paramLabel = "S",
      description = "The session it is published as.")
  private String session;

  @Mixin private KafkaOptions kafka;

  @Option(names = "--realtime", description = "Each picture at its time (default: at once).")
  private boolean realtime;

  @Option(
      names = "--as",
      paramLabel = "segments|mp2t|mp4",
      defaultValue = "segments",
      description = "What the records are (default: ${DEFAULT-VALUE}).")
  private Form form;

  @Option(names = "--loop", description = "From the start again at the end, until Ctrl-C.")
  private boolean loop;

  PublishCommand() {}

  @Override
  public Integer call() throws Exception {
    checkFile();
    KafkaAccess access = kafka.access();
    createTopic(access);
    try (SegmentPublisher publisher =
        new SegmentPublisher(access.client(), access.topics().segments())) {
      FilePublisher player =
          new FilePublisher(
              () -> new CompleteTimes(new FileSource(file)),
              receiver(publisher),
              new Playback(realtime, loop));
      player.play();
      publisher.flush();
      spec.commandLine()
          .getOut()
          .printf(
              "published %d access units of session %s in %d records%n",
              player.accessUnits(), session, publisher.segments() + publisher.containers());
    } catch (PackagingException e) {
      throw new UnusableInputException(e.getMessage(), e);
    }
    return 0;
  }

  /** Says what is wrong with the file before anything is created or sent. */
  private void checkFile() throws IOException, UnusableInputException {
    try {
      new FileSource(file).close();
    } catch (UnreadableMediaException e) {
      throw new UnusableInputException(e.getMessage(), e);
    }
  }

  private FilePublisher.Receiver receiver(SegmentPublisher publisher) {
    return switch (form) {
      case segments -> FilePublisher.segments(session, publisher::publish);
      case mp2t -> containers(publisher, Container.MPEG_TS);
      case mp4 -> containers(publisher, Container.MP4);
    };
  }

  private FilePublisher.Receiver containers(SegmentPublisher publisher, Container container) {
    return source ->
        new ContainerPackager(
            source,
            container,
            record -> publisher.publishContainer(session, container.contentType(), record));
  }

  private static void createTopic(KafkaAccess access)
      throws BrokerUnreachableException, TopicsException {
    try (Admin admin = access.connect()) {
      access
          .topics()
          .ensure(admin, TopicCreation.unreplicated(PARTITIONS), List.of(Topics.SEGMENTS));
    }
  }
}
