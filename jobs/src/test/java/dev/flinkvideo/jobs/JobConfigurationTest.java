package dev.flinkvideo.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flinkvideo.operators.admission.AdmissionOptions;
import dev.flinkvideo.operators.analyze.AnalyzeOptions;
import dev.flinkvideo.operators.decode.DecodeOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobConfigurationTest {
  private static final Path ROOT = Path.of(System.getProperty("project.root"));

  @TempDir private Path directory;

  @Test
  void shouldTakeArgumentsByKeyAndByShortName() {
    Configuration options =
        JobConfiguration.parse(
            "--bootstrap",
            "k:9092",
            "--observe",
            "frame",
            "--picture-md5",
            "--admission.stall-after",
            "5s");
    assertThat(options.get(JobOptions.BOOTSTRAP)).isEqualTo("k:9092");
    assertThat(options.get(DecodeOptions.OBSERVE)).isEqualTo("frame");
    assertThat(options.get(DecodeOptions.PICTURE_MD5)).isTrue();
    assertThat(options.get(AdmissionOptions.STALL_AFTER)).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void shouldReadNestedAndDottedYaml() throws Exception {
    Configuration options =
        parseFile(
            """
            job:
              bootstrap: k:9092
            decode.codecs: [h264, vp8]
            topics.create: false
            """);
    assertThat(options.get(JobOptions.BOOTSTRAP)).isEqualTo("k:9092");
    assertThat(options.get(DecodeOptions.CODECS)).containsExactly("h264", "vp8");
    assertThat(options.get(JobOptions.CREATE_TOPICS)).isFalse();
  }

  @Test
  void shouldLetArgumentsWinOverTheFile() throws Exception {
    Path file = Files.writeString(directory.resolve("job.yaml"), "decode.observe: 2s\n");
    Configuration options =
        JobConfiguration.parse("--observe", "frame", "--config", file.toString());
    assertThat(options.get(DecodeOptions.OBSERVE)).isEqualTo("frame");
  }

  @Test
  void shouldNameTheNearestKeyForOneItDoesNotKnow() {
    assertThatThrownBy(() -> JobConfiguration.parse("--analyze.blak.duration", "1s"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("analyze.blak.duration")
        .hasMessageContaining("did you mean 'analyze.black.duration'");
  }

  @Test
  void shouldNameKeyAndValueThatDoNotFit() {
    assertThatThrownBy(() -> JobConfiguration.parse("--topics.partitions", "many"))
        .hasMessageContaining("topics.partitions")
        .hasMessageContaining("many");
  }

  @Test
  void shouldRefuseValuesThatOnlyTheStageUnderstands() {
    assertThatThrownBy(() -> JobConfiguration.parse("--observe", "often"))
        .hasMessageContaining("decode.observe")
        .hasMessageContaining("'often'")
        .hasMessageContaining("frame");
    assertThatThrownBy(() -> JobConfiguration.parse("--observe", "0s"))
        .hasMessageContaining("'0s'");
    assertThatThrownBy(() -> JobConfiguration.parse("--analyze.analyzers", "black;blak"))
        .hasMessageContaining("blak")
        .hasMessageContaining("frozen");
  }

  @Test
  void shouldRefuseWhatIsNoOption() {
    assertThatThrownBy(() -> JobConfiguration.parse("frame"))
        .hasMessageContaining("'frame'")
        .hasMessageContaining("--key value");
  }

  @Test
  void shouldSayWhatIsWrongWithAFile() throws Exception {
    assertThatThrownBy(() -> JobConfiguration.parse("--config", "/no/such.yaml"))
        .hasMessageContaining("/no/such.yaml");
    assertThatThrownBy(() -> parseFile("a: [b")).hasMessageContaining("is not YAML");
  }

  @Test
  void shouldPassOnWhatBelongsToKafkaAndFlink() {
    Configuration options =
        JobConfiguration.parse(
            "--kafka.security.protocol", "SSL", "--flink.taskmanager.memory.managed.size", "1g");
    assertThat(options.toMap())
        .containsEntry("kafka.security.protocol", "SSL")
        .containsEntry("flink.taskmanager.memory.managed.size", "1g");
  }

  @Test
  void shouldKnowTheOptionsOfEveryStage() {
    assertThat(JobConfiguration.options().keySet())
        .contains(
            JobOptions.BOOTSTRAP.key(),
            AdmissionOptions.STALL_AFTER.key(),
            DecodeOptions.CODECS.key(),
            AnalyzeOptions.ANALYZERS.key());
  }

  @Test
  void shouldKeepTheYamlAndThePageToTheConstants() throws Exception {
    check(ROOT.resolve("config/job.yaml"), ConfigurationPages.yaml());
    check(ROOT.resolve("docs/configuration.md"), ConfigurationPages.markdown());
  }

  @Test
  void shouldReadItsOwnYaml() {
    Configuration options =
        JobConfiguration.parse("--config", ROOT.resolve("config/job.yaml").toString());
    assertThat(options.toMap()).isEmpty(); // every option is commented out
  }

  private static void check(Path file, String expected) throws Exception {
    if (Boolean.getBoolean("regenerate")) {
      Files.writeString(file, expected);
    }
    assertThat(file).as("run mvn verify -Dregenerate=true to write it anew").hasContent(expected);
  }

  private Configuration parseFile(String yaml) throws Exception {
    Path file = Files.writeString(directory.resolve("job.yaml"), yaml);
    return JobConfiguration.parse("--config", file.toString());
  }
}
