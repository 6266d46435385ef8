package dev.flinkvideo.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.jobs.JobConfiguration;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlinkConfigurationTest {
  private static final Path DEPLOYERS =
      Path.of(System.getProperty("project.root", ".."), "config/flink/config.yaml");

  @TempDir private Path directory;

  @Test
  void shouldReadAsFlinkReadsWhatDeployersAreGiven() {
    Configuration flink = GlobalConfiguration.loadConfiguration(DEPLOYERS.getParent().toString());

    assertThat(flink.toMap()).isEqualTo(JobConfiguration.readFile(DEPLOYERS));
    assertThat(flink.get(TaskManagerOptions.MANAGED_MEMORY_CONSUMER_WEIGHTS))
        .isEqualTo(Map.of("OPERATOR", "70", "STATE_BACKEND", "30"));
  }

  @Test
  void shouldWriteWhatFlinkReadsBack() throws Exception {
    write(Map.of("rest.port", "18081", "taskmanager.memory.managed.size", "300m"));

    Configuration read = GlobalConfiguration.loadConfiguration(directory.toString());
    assertThat(read.toMap()).containsEntry("rest.port", "18081");
    assertThat(read.get(TaskManagerOptions.MANAGED_MEMORY_SIZE))
        .isEqualTo(MemorySize.ofMebiBytes(300));
    assertThat(read.get(TaskManagerOptions.TOTAL_PROCESS_MEMORY)).isEqualTo(MemorySize.parse("2g"));
  }

  @Test
  void shouldStartTaskManagersWithTheMemoryAndTheFlagsOfTheConfiguration() throws Exception {
    List<String> command =
        write(Map.of("env.java.default-opts.taskmanager", "-XX:+AlwaysPreTouch"))
            .taskManager("lib.jar", "tm-7");

    assertThat(command)
        .contains(
            "-XX:G1HeapRegionSize=8m",
            "-XX:+AlwaysPreTouch",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "taskmanager.resource-id=tm-7",
            "taskmanager.memory.managed.size=536870912b");
    assertThat(command).anyMatch(word -> word.startsWith("-Xmx"));
    assertThat(command.indexOf("-cp"))
        .isLessThan(command.indexOf("org.apache.flink.runtime.taskexecutor.TaskManagerRunner"));
  }

  private FlinkConfiguration write(Map<String, String> overrides) throws Exception {
    return FlinkConfiguration.write(directory, DEPLOYERS, overrides);
  }
}
