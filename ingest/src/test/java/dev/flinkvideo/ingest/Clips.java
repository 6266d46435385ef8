package dev.flinkvideo.ingest;

import java.nio.file.Path;

/** The real footage that comes with the project, and what ffprobe says of it. */
public enum Clips {
  /** Baseline, no B-frames, key frames 5 s apart and more, with sound. */
  CAR("car-detection.mp4", 377, 7),
  /** Main, four B-frames, a key frame each second. */
  PERSON("one-by-one-person-detection.mp4", 1394, 140),
  /** High, a pyramid of B-frames, key frames about 8 s apart. */
  BOTTLE("bottle-detection.mp4", 1189, 5);

  private final String name;
  private final int frames;
  private final int keys;

  Clips(String name, int frames, int keys) {
    this.name = name;
    this.frames = frames;
    this.keys = keys;
  }

  public Path path() {
    return Path.of(System.getProperty("project.root"), "jobs", "footage", name);
  }

  public int frames() {
    return frames;
  }

  public int keys() {
    return keys;
  }
}
