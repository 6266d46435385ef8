package dev.flinkvideo.jobs.plan;

/**
 * Sessions that are alike.
 *
 * @param framesPerSecond of each
 * @param kilobitsPerSecond of each, encoded
 * @param keyFrameSeconds from each key frame to the next
 */
public record Demand(
    int sessions,
    int widthPx,
    int heightPx,
    double framesPerSecond,
    double kilobitsPerSecond,
    double keyFrameSeconds) {
  public Demand {
    if (sessions < 1 || widthPx < 16 || heightPx < 16) {
      throw new IllegalArgumentException(
          "sessions=%d width=%d height=%d: give 1 session or more, of 16x16 or more"
              .formatted(sessions, widthPx, heightPx));
    }
    if (!(framesPerSecond > 0) || !(kilobitsPerSecond > 0) || !(keyFrameSeconds > 0)) {
      throw new IllegalArgumentException(
          "fps=%s kbps=%s key-interval=%s: give more than 0"
              .formatted(framesPerSecond, kilobitsPerSecond, keyFrameSeconds));
    }
  }

  double megapixels() {
    return widthPx * (double) heightPx / 1e6;
  }

  double encodedKilobytesPerFrame() {
    return kilobitsPerSecond / 8 / framesPerSecond;
  }
}
