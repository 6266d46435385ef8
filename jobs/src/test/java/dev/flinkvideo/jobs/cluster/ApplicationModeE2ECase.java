package dev.flinkvideo.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.jobs.TopicCreation;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.jobs.broker.EmbeddedBroker;
import dev.flinkvideo.jobs.cli.CapturedRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command of docs/deploy.md for application mode, the job in {@code usrlib/}. */
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class ApplicationModeE2ECase {
  private static final Installation INSTALLATION =
      new Installation(Path.of(System.getProperty("project.root", "..")));

  @TempDir private Path directory;

  @Test
  void shouldJudgeWhatIsPublishedAsTheOnlyJobOfItsCluster() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      Topics.DEFAULT.ensure(broker.bootstrap(), TopicCreation.unreplicated(1));
      List<String> job =
          List.of(
              "--job-classname", "dev.flinkvideo.jobs.VideoJob", "--bootstrap", broker.bootstrap());
      Path logs = directory.resolve("logs");
      try (StandaloneCluster cluster =
          StandaloneCluster.startApplication(INSTALLATION, directory.resolve("flink"), logs, job)) {
        Path clip = INSTALLATION.footage().resolve("bottle-detection.mp4");
        onKafka(broker, "publish", clip.toString(), "--session", "belt");

        assertThat(cluster.taskManagers()).hasSize(1);
        assertThat(onKafka(broker, "tail", "video.observations", "--from-beginning", "--max", "1"))
            .hasSize(1);
      }
    }
  }

  private static List<String> onKafka(EmbeddedBroker broker, String... command) {
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(List.of("--bootstrap", broker.bootstrap()));
    CapturedRun run = CapturedRun.of(words.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out();
  }
}
