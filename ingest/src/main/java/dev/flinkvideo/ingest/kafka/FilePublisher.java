package dev.flinkvideo.ingest.kafka;

import dev.flinkvideo.ingest.transport.UnitSink;
import dev.flinkvideo.ingest.transport.UnitSource;
import dev.flinkvideo.protocol.Connection;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.StreamFormat;
import dev.flinkvideo.protocol.wire.Segment;
import dev.flinkvideo.protocol.wire.Transport;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Plays a source into a sink: the stand-in for a live feed. {@link #play} runs in the caller's
 * thread until the source ends; {@link #stop} and the counts may be called from any other.
 */
public final class FilePublisher {
  /** What the segments of a file call their source. */
  public static final String SOURCE = "file";

  private static final double NANOS_PER_SECOND = 1e9;

  /** A longer gap between two units is broken time stamps, and not waited for. */
  private static final double MAX_GAP_SECONDS = 10;

  private final Opener opener;
  private final Receiver receiver;
  private final Playback playback;
  private final PlayClock clock;
  private final LoopTimeline timeline = new LoopTimeline();

  private volatile boolean stopped;
  private volatile long accessUnits;
  private volatile Thread player;

  // Where media time and clock were at the first unit, or at the last jump of time stamps.
  private long anchorDts;
  private long anchorNanos;
  private long lastDts = EncodedUnit.NO_TIME;

  /** Opens the source, once for each round of a loop. */
  @FunctionalInterface
  public interface Opener {
    UnitSource open() throws IOException;
  }

  /** Makes the sink, once, when the format is known. */
  @FunctionalInterface
  public interface Receiver {
    UnitSink receive(UnitSource source);
  }

  public FilePublisher(Opener opener, Receiver receiver, Playback playback) {
    this(opener, receiver, playback, PlayClock.SYSTEM);
  }

  FilePublisher(Opener opener, Receiver receiver, Playback playback, PlayClock clock) {
    this.opener = opener;
    this.receiver = receiver;
    this.playback = playback;
    this.clock = clock;
  }

  /** A receiver that makes segments of one connection, opened now, which is its epoch too. */
  public static Receiver segments(String session, Consumer<Segment> out) {
    return source -> {
      long nowMs = System.currentTimeMillis();
      StreamFormat format = source.format();
      return new SegmentSink(
          new Connection(session, SOURCE, nowMs, nowMs, Transport.TRANSPORT_FILE, format), out);
    };
  }

  /**
   * Plays until the source ends, {@link #stop} is called or this thread is interrupted, and sends
   * what is pending.
   */
  public void play() throws IOException {
    player = Thread.currentThread();
    UnitSink sink = null;
    boolean goOn = true;
    while (goOn) {
      long before = accessUnits;
      try (UnitSource source = opener.open()) {
        if (sink == null) {
          sink = receiver.receive(source);
        }
        playRound(source, sink);
      }
      timeline.nextRound();
      // A file without pictures would be opened again for ever.
      goOn = playback.loop() && !mustStop() && accessUnits > before;
    }
    sink.finish();
  }

  /** Ends {@link #play} within milliseconds. */
  public void stop() {
    stopped = true;
    Thread waiting = player;
    if (waiting != null) {
      LockSupport.unpark(waiting);
    }
  }

  /** Given to the sink so far, over all rounds. */
  public long accessUnits() {
    return accessUnits;
  }

  private void playRound(UnitSource source, UnitSink sink) throws IOException {
    for (EncodedUnit next = source.next(); next != null; next = source.next()) {
      EncodedUnit unit = timeline.place(next, source.durationTicks());
      if (unit == null) {
        continue;
      }
      awaitTurn(unit, source.format());
      if (mustStop()) {
        return;
      }
      sink.add(unit, source.durationTicks(), clock.epochUs());
      accessUnits = accessUnits + 1; // only this thread writes it
    }
  }

  private void awaitTurn(EncodedUnit unit, StreamFormat format) {
    if (!playback.realtime() || unit.dts() == EncodedUnit.NO_TIME) {
      return;
    }
    double tickSeconds = (double) format.timeBaseNumerator() / format.timeBaseDenominator();
    if (jumps(unit.dts(), tickSeconds)) {
      anchorDts = unit.dts();
      anchorNanos = clock.nanoTime();
    }
    lastDts = unit.dts();
    double seconds = (unit.dts() - anchorDts) * tickSeconds;
    long dueNanos = anchorNanos + (long) (seconds * NANOS_PER_SECOND);
    for (long wait = dueNanos - clock.nanoTime(); wait > 0; wait = dueNanos - clock.nanoTime()) {
      if (mustStop()) {
        return;
      }
      clock.parkNanos(wait);
    }
  }

  private boolean jumps(long dts, double tickSeconds) {
    return lastDts == EncodedUnit.NO_TIME
        || dts < lastDts
        || (dts - lastDts) * tickSeconds > MAX_GAP_SECONDS;
  }

  /** An interrupt stays set for whoever runs this thread. */
  private boolean mustStop() {
    return stopped || Thread.currentThread().isInterrupted();
  }
}
