package dev.flinkvideo.jobs.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code flink run} is told.
 *
 * @param savepoint to begin with
 * @param jars further ones for the job's class path, e.g. with analyzers of one's own
 * @param flink options of Flink for this job only
 * @param arguments of the job
 */
public record Submission(
    int parallelism,
    Optional<String> savepoint,
    List<Path> jars,
    Map<String, String> flink,
    List<String> arguments) {

  /** Without anything special. */
  public static Submission of(int parallelism, List<String> arguments) {
    return new Submission(parallelism, Optional.empty(), List.of(), Map.of(), arguments);
  }

  public Submission from(String place) {
    return new Submission(parallelism, Optional.of(place), jars, flink, arguments);
  }

  public Submission withJar(Path jar) {
    return new Submission(parallelism, savepoint, List.of(jar), flink, arguments);
  }

  public Submission withFlink(Map<String, String> options) {
    return new Submission(parallelism, savepoint, jars, options, arguments);
  }

  List<String> commandLine(Path jobJar) {
    List<String> words = new ArrayList<>(List.of("run", "-d", "-p", Integer.toString(parallelism)));
    savepoint.ifPresent(place -> words.addAll(List.of("-s", place)));
    jars.forEach(jar -> words.addAll(List.of("-C", jar.toUri().toString())));
    flink.forEach((key, value) -> words.add("-D" + key + "=" + value));
    words.add(jobJar.toString());
    words.addAll(arguments);
    return words;
  }
}
