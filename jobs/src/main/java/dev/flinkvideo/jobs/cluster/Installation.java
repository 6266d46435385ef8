package dev.flinkvideo.jobs.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code mvn package} and {@code bin/flink-video} made, by the place of the repository.
 *
 * @param home where README.md is
 */
public record Installation(Path home) {
  /**
   * What of the launcher's jars a Flink distribution has in {@code lib/}, and FFmpeg's. The job
   * brings everything else in its own jar; nothing of it may be here, or what it lacks would not be
   * missed.
   */
  private static final Pattern FLINK_LIBRARY =
      Pattern.compile(
          "(flink-(?!connector-(base|kafka)|video).*|frocksdbjni|commons-(cli|collections|compress|io|lang3|logging|math3|text)"
              + "|kryo|minlog|objenesis|reflectasm|javassist|snappy-java|lz4-java|snakeyaml-engine|RoaringBitmap"
              + "|async-profiler|jsr305|slf4j-api|log4j-(api|core|slf4j-impl)|ffmpeg|javacpp)-\\d.*\\.jar");

  /** The one this launcher was started from. */
  public static Installation ofLauncher() {
    return new Installation(Path.of(System.getProperty("flinkvideo.home", ".")));
  }

  /** The job as {@code flink run} takes it. */
  public Path jobJar() throws IOException {
    return existing(home.resolve("jobs/target/flink-video-job.jar"));
  }

  /** Directory of the clips. */
  public Path footage() throws IOException {
    return existing(home.resolve("jobs/footage"));
  }

  /** Flink's configuration as a deployer has it. */
  Path flinkConfiguration() throws IOException {
    return existing(home.resolve("config/flink/config.yaml"));
  }

  Path jvmOptions() throws IOException {
    return existing(home.resolve("config/jvm/launcher.options"));
  }

  /** The launcher itself, Kafka included. */
  String launcherClasspath() throws IOException {
    return library() + "/*";
  }

  /** A Flink distribution with FFmpeg. */
  String flinkClasspath() throws IOException {
    try (Stream<Path> jars = Files.list(library())) {
      List<String> flink =
          jars.filter(jar -> FLINK_LIBRARY.matcher(jar.getFileName().toString()).matches())
              .map(Path::toString)
              .sorted()
              .toList();
      return flink.stream().collect(Collectors.joining(File.pathSeparator));
    }
  }

  private Path library() throws IOException {
    return existing(home.resolve("jobs/target/dist/lib"));
  }

  private static Path existing(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new IOException("%s is missing: run 'mvn package' or bin/flink-video".formatted(path));
    }
    return path.toAbsolutePath().normalize();
  }
}
