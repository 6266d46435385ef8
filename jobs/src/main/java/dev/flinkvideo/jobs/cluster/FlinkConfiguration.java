package dev.flinkvideo.jobs.cluster;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.flinkvideo.jobs.JobConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessSpec;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;

/**
 * A configuration directory of Flink: the deployer's {@code config.yaml} with what this cluster
 * needs otherwise, and how Flink's processes log. Also the command lines that follow from it, which
 * in a distribution the shell scripts put together. Immutable.
 */
final class FlinkConfiguration {
  private static final String LOGGING = "log4j-cluster.properties";

  private final Path directory;
  private final Map<String, String> values;
  private final Configuration flink;

  private FlinkConfiguration(Path directory, Map<String, String> values) {
    this.directory = directory;
    this.values = values;
    this.flink = Configuration.fromMap(values);
  }

  /** Writes it. */
  static FlinkConfiguration write(Path directory, Path deployers, Map<String, String> overrides)
      throws IOException {
    Map<String, String> values = new TreeMap<>(JobConfiguration.readFile(deployers));
    values.putAll(overrides);
    Files.createDirectories(directory);
    new YAMLMapper().writeValue(directory.resolve("config.yaml").toFile(), values);
    try (InputStream logging = FlinkConfiguration.class.getResourceAsStream(LOGGING)) {
      Files.copy(logging, directory.resolve(LOGGING));
    }
    return new FlinkConfiguration(directory, values);
  }

  Path directory() {
    return directory;
  }

  int slotsPerTaskManager() {
    return Integer.parseInt(values.getOrDefault("taskmanager.numberOfTaskSlots", "1"));
  }

  /** {@code java} arguments up to and with the class, memory as Flink divides it. */
  List<String> jobManager(String classpath) {
    return jobManager(
        classpath,
        "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
        List.of("--executionMode", "cluster"));
  }

  /**
   * Of a cluster that has one job and ends with it.
   *
   * @param job what {@code standalone-job} of Flink's image is told
   */
  List<String> application(String classpath, List<String> job) {
    return jobManager(
        classpath,
        "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint",
        job);
  }

  private List<String> jobManager(String classpath, String entryPoint, List<String> further) {
    JobManagerProcessSpec memory = JobManagerProcessUtils.processSpecFromConfig(flink);
    List<String> command =
        new ArrayList<>(words(JobManagerProcessUtils.generateJvmParametersStr(memory, flink)));
    command.addAll(options("jobmanager"));
    command.addAll(List.of("-cp", classpath));
    command.addAll(List.of(entryPoint, "--configDir", directory.toString()));
    command.addAll(words(JobManagerProcessUtils.generateDynamicConfigsStr(memory)));
    command.addAll(further);
    return command;
  }

  List<String> taskManager(String classpath, String resourceId) {
    TaskExecutorProcessSpec memory = TaskExecutorProcessUtils.processSpecFromConfig(flink);
    List<String> command =
        new ArrayList<>(words(ProcessMemoryUtils.generateJvmParametersStr(memory)));
    command.addAll(options("taskmanager"));
    command.addAll(List.of("-cp", classpath));
    command.add("org.apache.flink.runtime.taskexecutor.TaskManagerRunner");
    command.addAll(List.of("--configDir", directory.toString()));
    command.addAll(words(TaskExecutorProcessUtils.generateDynamicConfigsStr(memory)));
    command.addAll(List.of("-D", "taskmanager.resource-id=" + resourceId));
    return command;
  }

  List<String> client(String classpath) {
    List<String> command = new ArrayList<>(List.of("-Xmx256m"));
    command.addAll(options("client"));
    command.addAll(List.of("-cp", classpath, "org.apache.flink.client.cli.CliFrontend"));
    return command;
  }

  private List<String> options(String process) {
    List<String> options = new ArrayList<>();
    for (String key :
        List.of("default-opts.all", "default-opts." + process, "opts.all", "opts." + process)) {
      options.addAll(words(values.getOrDefault("env.java." + key, "")));
    }
    options.add("-Dlog4j.configurationFile=" + directory.resolve(LOGGING));
    return options;
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
  }
}
