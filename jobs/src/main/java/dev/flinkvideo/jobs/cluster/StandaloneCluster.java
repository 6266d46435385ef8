package dev.flinkvideo.jobs.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * Flink's standalone cluster on this machine: a JobManager and TaskManagers, each a process of its
 * own, configured by {@code config/flink/config.yaml}. Whoever starts it closes it, which ends all
 * of them. One thread at a time.
 */
public final class StandaloneCluster implements AutoCloseable {
  private static final Duration UP_WITHIN = Duration.ofSeconds(120);
  private static final Duration CLIENT_WITHIN = Duration.ofSeconds(120);
  private static final Duration RELEASED_WITHIN = Duration.ofSeconds(15);
  private static final String SUBMITTED = "Job has been submitted with JobID ";
  private static final String SAVED = "Savepoint completed. Path: ";

  private final Installation installation;
  private final FlinkConfiguration configuration;
  private final Path directory;
  private final Path logs;
  private final String classpath;
  private final ClusterRest rest;
  private final JvmProcess jobManager;
  private final Map<String, JvmProcess> taskManagers = new HashMap<>();
  private int started;
  private int clients;

  /**
   * @param application the one job of this cluster, as {@code standalone-job} is told; empty for a
   *     cluster that jobs are submitted to
   */
  private StandaloneCluster(
      Installation installation,
      Path directory,
      Path logs,
      Map<String, String> overrides,
      List<String> application)
      throws IOException {
    this.installation = installation;
    this.directory = Files.createDirectories(directory);
    this.logs = Files.createDirectories(logs);
    this.classpath = installation.flinkClasspath();
    int restPort = freePort();
    Map<String, String> values = places(restPort);
    values.putAll(overrides);
    configuration =
        FlinkConfiguration.write(
            directory.resolve("conf"), installation.flinkConfiguration(), values);
    rest = new ClusterRest(restPort);
    jobManager =
        application.isEmpty()
            ? start("jobmanager", configuration.jobManager(classpath))
            : startJobManagerOf(application);
  }

  /**
   * Starts one and returns when all TaskManagers are registered.
   *
   * @param directory for everything but logs: state, checkpoints, temporary files; its owner
   *     deletes it
   * @param logs where what the processes print lies
   * @param overrides of {@code config/flink/config.yaml}
   */
  public static StandaloneCluster start(
      Installation installation,
      Path directory,
      Path logs,
      int taskManagers,
      Map<String, String> overrides)
      throws Exception {
    return start(installation, directory, logs, taskManagers, overrides, List.of());
  }

  /**
   * Starts one in application mode and returns when all tasks of its job run.
   *
   * @param application what {@code standalone-job} of Flink's image is told
   */
  public static StandaloneCluster startApplication(
      Installation installation, Path directory, Path logs, List<String> application)
      throws Exception {
    StandaloneCluster cluster =
        start(installation, directory, logs, /* taskManagers= */ 1, Map.of(), application);
    try {
      cluster.awaitJob();
      return cluster;
    } catch (Exception e) {
      cluster.close();
      throw e;
    }
  }

  private static StandaloneCluster start(
      Installation installation,
      Path directory,
      Path logs,
      int taskManagers,
      Map<String, String> overrides,
      List<String> application)
      throws Exception {
    StandaloneCluster cluster =
        new StandaloneCluster(installation, directory, logs, overrides, application);
    try {
      for (int i = 0; i < taskManagers; i++) {
        cluster.startTaskManager();
      }
      cluster.awaitTaskManagers();
      return cluster;
    } catch (Exception e) {
      cluster.close();
      throw e;
    }
  }

  /** Where checkpoints and savepoints may lie. */
  public Path directory() {
    return directory;
  }

  /** Starts one more; it registers by itself. */
  public JvmProcess startTaskManager() throws IOException {
    String id = "taskmanager-" + ++started;
    JvmProcess process = start(id, configuration.taskManager(classpath, id));
    taskManagers.put(id, process);
    return process;
  }

  /** Those that were started and neither killed nor lost, by resource id. */
  public Set<String> taskManagers() {
    return Set.copyOf(taskManagers.keySet());
  }

  public JvmProcess taskManager(String resourceId) {
    return taskManagers.get(resourceId);
  }

  /** Kills one by SIGKILL. */
  public void killTaskManager(String resourceId) throws InterruptedException {
    taskManagers.remove(resourceId).kill();
  }

  /** Until as many slots as all TaskManagers have are registered. */
  public void awaitTaskManagers() throws Exception {
    int slots = taskManagers.size() * configuration.slotsPerTaskManager();
    Waiting.until(
        slots + " slots are registered",
        UP_WITHIN,
        () -> {
          jobManager.failUnlessAlive();
          for (JvmProcess taskManager : taskManagers.values()) {
            taskManager.failUnlessAlive();
          }
          return rest.slots() == slots;
        });
  }

  /**
   * Managed memory that is still reserved a while after the last job ended, on all TaskManagers:
   * none, unless a slot was given back without its memory.
   */
  public long managedBytesAfterRelease() throws Exception {
    try {
      Waiting.until("managed memory is given back", RELEASED_WITHIN, () -> usedManagedBytes() == 0);
    } catch (TimeoutException e) {
      // What is left is the answer.
    }
    return usedManagedBytes();
  }

  /** {@code flink run} of our job jar. Returns when all tasks run. */
  public RunningJob submit(Submission submission) throws Exception {
    List<String> command = submission.commandLine(installation.jobJar());
    RunningJob job = new RunningJob(rest, client(command, SUBMITTED));
    job.awaitRunning();
    return job;
  }

  /**
   * {@code flink savepoint}: the job goes on.
   *
   * @return the savepoint's place
   */
  public String savepoint(RunningJob job, Path directory) throws Exception {
    return client(List.of("savepoint", job.id(), directory.toUri().toString()), SAVED);
  }

  /**
   * {@code flink stop}: the job ends behind a savepoint.
   *
   * @return the savepoint's place
   */
  public String stop(RunningJob job, Path directory) throws Exception {
    String place =
        client(List.of("stop", "--savepointPath", directory.toUri().toString(), job.id()), SAVED);
    job.awaitEnd();
    return place;
  }

  /**
   * Flink's command line client, in a process of its own.
   *
   * @param saying what it prints before what is of interest
   */
  private String client(List<String> words, String saying) throws Exception {
    List<String> command = configuration.client(classpath);
    command.addAll(words);
    String name = "flink-%s-%d".formatted(words.get(0), ++clients);
    try (JvmProcess client = start(name, command)) {
      int exitCode = client.awaitEnd(CLIENT_WITHIN);
      Optional<String> line = client.line(saying);
      if (exitCode != 0 || line.isEmpty()) {
        throw new IOException("flink %s failed: %s".formatted(words.get(0), client.tail()));
      }
      return line.get().substring(line.get().indexOf(saying) + saying.length()).strip();
    }
  }

  /** Ends all processes. */
  @Override
  public void close() {
    List<JvmProcess> all = new ArrayList<>(taskManagers.values());
    all.add(jobManager);
    all.forEach(JvmProcess::terminate); // together, then wait for each
    all.forEach(JvmProcess::close);
  }

  private void awaitJob() throws Exception {
    Waiting.until("the job is there", CLIENT_WITHIN, () -> !rest.jobs().isEmpty());
    new RunningJob(rest, rest.jobs().path(0).path("jid").asText()).awaitRunning();
  }

  private long usedManagedBytes() throws IOException, InterruptedException {
    long bytes = 0;
    for (JsonNode taskManager : rest.taskManagers().path("taskmanagers")) {
      JsonNode metric =
          rest.taskManagerMetric(
              taskManager.path("id").asText(), "Status.Flink.Memory.Managed.Used");
      bytes += metric.path(0).path("value").asLong();
    }
    return bytes;
  }

  /** It looks for the job in {@code usrlib}, beside a {@code lib} that need not be there. */
  private JvmProcess startJobManagerOf(List<String> application) throws IOException {
    Path home = directory.resolve("home");
    Path jar = Files.createDirectories(home.resolve("usrlib")).resolve("flink-video-job.jar");
    Files.copy(installation.jobJar(), jar);
    return start(
        "jobmanager",
        configuration.application(classpath, application),
        Map.of("FLINK_LIB_DIR", home.resolve("lib").toString()));
  }

  private JvmProcess start(String name, List<String> arguments) throws IOException {
    return start(name, arguments, Map.of());
  }

  private JvmProcess start(String name, List<String> arguments, Map<String, String> further)
      throws IOException {
    Map<String, String> environment = new HashMap<>(further);
    environment.put("FLINK_CONF_DIR", configuration.directory().toString());
    return JvmProcess.start(name, logs.resolve(name + ".log"), arguments, environment);
  }

  /** What two clusters on one machine must not share. */
  private Map<String, String> places(int restPort) throws IOException {
    Map<String, String> places = new HashMap<>();
    places.put(
        "metrics.fetcher.update-interval", Long.toString(ClusterRest.METRICS_EVERY.toMillis()));
    places.put("jobmanager.rpc.port", Integer.toString(freePort()));
    places.put("rest.port", Integer.toString(restPort));
    places.put("io.tmp.dirs", Files.createDirectories(directory.resolve("tmp")).toString());
    places.put("execution.checkpointing.dir", directory.resolve("checkpoints").toUri().toString());
    places.put(
        "execution.checkpointing.savepoint-dir",
        directory.resolve("savepoints").toUri().toString());
    return places;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
