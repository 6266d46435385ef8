package dev.flinkvideo.ingest.transport;

import dev.flinkvideo.protocol.StreamFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps all that a connection brings. Written by its thread, read by the test's. */
public final class Recording implements LiveSink {
  /** What a busy machine may add to a moment. */
  public static final Duration GRACE = Duration.ofMillis(800);

  private final List<StreamFormat> formats = new CopyOnWriteArrayList<>();
  private final List<LiveUnit> units = new CopyOnWriteArrayList<>();
  private volatile boolean opened;

  @Override
  public void opened() {
    opened = true;
  }

  @Override
  public void format(StreamFormat format) {
    formats.add(format);
  }

  @Override
  public void add(LiveUnit unit) {
    units.add(unit);
  }

  public boolean isOpened() {
    return opened;
  }

  public List<StreamFormat> formats() {
    return formats;
  }

  public List<LiveUnit> units() {
    return units;
  }

  /**
   * From the last picture on; of MPEG-TS that says little: its last picture is whole at the end.
   */
  public Duration silenceUntil(Instant end) {
    long lastUs = units.get(units.size() - 1).arrivalUs();
    return Duration.between(Instant.EPOCH.plus(lastUs, ChronoUnit.MICROS), end);
  }

  public List<Long> hashes() {
    return units.stream().map(unit -> unit.unit().contentHash()).toList();
  }
}
