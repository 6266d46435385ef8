package dev.flinkvideo.jobs.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String ours = FlinkVideo.class.getPackage().getImplementationVersion();
    return new String[] {
      "flink-video %s (Java %s)"
          .formatted(ours == null ? "development" : ours, System.getProperty("java.version"))
    };
  }
}
