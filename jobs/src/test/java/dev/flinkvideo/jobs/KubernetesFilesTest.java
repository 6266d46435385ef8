package dev.flinkvideo.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.flinkvideo.ingest.gateway.GatewayConfiguration;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What deployers are given for Kubernetes and docker compose, as far as it can be held to. */
class KubernetesFilesTest {
  private static final Path CONFIG = Path.of(System.getProperty("project.root", ".."), "config");

  /** What the operator sets itself, and what this deployment has otherwise. */
  private static final Set<String> OTHERWISE =
      Set.of(
          "taskmanager.numberOfTaskSlots",
          "taskmanager.memory.managed.size",
          "execution.checkpointing.dir",
          "execution.checkpointing.savepoint-dir",
          "metrics.reporter.prom.port");

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"job.yaml", "gateway.yaml"})
  void shouldBeAsTheSchemasOfTheirKindsWant(String file) throws Exception {
    JsonSchema schema;
    try (InputStream kinds = getClass().getResourceAsStream("/k8s/kinds.schema.json")) {
      schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(kinds);
    }
    List<JsonNode> documents = documents("k8s/" + file);

    assertThat(documents).hasSizeGreaterThan(1);
    assertThat(documents).allSatisfy(document -> assertThat(schema.validate(document)).isEmpty());
  }

  @Test
  void shouldGiveFlinkOnKubernetesTheSettingsOfTheClusterFile() throws Exception {
    Map<String, String> cluster = JobConfiguration.readFile(CONFIG.resolve("flink/config.yaml"));
    JsonNode settings = documents("k8s/job.yaml").get(0).at("/spec/flinkConfiguration");

    Set<String> different = new TreeSet<>();
    settings
        .properties()
        .forEach(
            setting -> {
              String ours = cluster.get(setting.getKey());
              if (ours != null && !ours.strip().equals(setting.getValue().asText().strip())) {
                different.add(setting.getKey());
              }
            });
    assertThat(different).isEqualTo(new TreeSet<>(OTHERWISE));
  }

  @Test
  void shouldHoldConfigurationsThatJobAndGatewayRead() throws Exception {
    String job = documents("k8s/job.yaml").get(1).at("/data/job.yaml").asText();
    String gateway = documents("k8s/gateway.yaml").get(2).at("/data/ingest.yaml").asText();
    Path jobFile = Files.writeString(directory.resolve("job.yaml"), job);
    Path gatewayFile = Files.writeString(directory.resolve("ingest.yaml"), gateway);

    assertThat(JobConfiguration.parse("--config", jobFile.toString()).get(JobOptions.BOOTSTRAP))
        .isEqualTo("kafka:9092");
    assertThat(GatewayConfiguration.read(gatewayFile).kafka().bootstrap()).isEqualTo("kafka:9092");
    assertThat(GatewayConfiguration.read(CONFIG.resolve("docker/ingest.yaml")).auth())
        .isEqualTo(GatewayConfiguration.Auth.none);
  }

  private static List<JsonNode> documents(String file) throws Exception {
    YAMLMapper yaml = new YAMLMapper();
    return yaml.readerFor(JsonNode.class)
        .<JsonNode>readValues(CONFIG.resolve(file).toFile())
        .readAll();
  }
}
