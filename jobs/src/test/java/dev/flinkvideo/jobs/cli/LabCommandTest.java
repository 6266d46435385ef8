package dev.flinkvideo.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.jobs.lab.Experiment;
import dev.flinkvideo.jobs.lab.Experiments;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabCommandTest {
  @TempDir private Path directory;

  @Test
  void shouldListEveryExperimentOnALineOfItsOwn() {
    CapturedRun run = CapturedRun.of("lab", "list");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .zipSatisfy(
            Experiments.all(),
            (line, experiment) ->
                assertThat(line).startsWith(experiment.name()).endsWith(experiment.description()));
  }

  @Test
  void shouldNameTheExperimentsThereAreForOneThereIsNot() {
    CapturedRun run = CapturedRun.of("lab", "run", "recuvery");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("recuvery")
        .contains(Experiments.all().stream().map(Experiment::name).toList());
  }

  @Test
  void shouldRefuseAClipThatIsNoVideoBeforeAnythingStarts() throws Exception {
    Path text = Files.writeString(directory.resolve("notes.mp4"), "not a video");
    Path report = directory.resolve("report");

    CapturedRun run =
        CapturedRun.of(
            "lab", "run", "soak", "--clip", text.toString(), "--report", report.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("notes.mp4").hasLineCount(1);
    assertThat(report).doesNotExist();
  }

  @Test
  void shouldSayWhatToDo() {
    CapturedRun run = CapturedRun.of("lab");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("list, run");
  }
}
