package dev.flinkvideo.ingest.kafka;

/**
 * How a source is played.
 *
 * @param realtime each access unit at its time, as it would arrive live; else as fast as they go
 * @param loop from the start again at the end, the time stamps running on
 */
public record Playback(boolean realtime, boolean loop) {
  public static final Playback AT_ONCE = new Playback(false, false);
  public static final Playback REALTIME = new Playback(true, false);
}
