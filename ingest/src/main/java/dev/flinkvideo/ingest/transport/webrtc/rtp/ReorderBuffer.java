package dev.flinkvideo.ingest.transport.webrtc.rtp;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Gives the packets of one stream once and in order, and says which to ask for again. What does not
 * come in time is given up, and the packets behind it go on. Sequence numbers are counted on beyond
 * their 16 bits. One thread.
 */
public final class ReorderBuffer {
  /** Takes packets in order; a jump of the number is a hole. */
  public interface Sink {
    void packet(RtpPacket packet, long number);
  }

  /** How many packets wait for one that is missing; 16 Mbit/s for a second. */
  private static final int MAX_WAITING = 2048;

  /** A larger jump is no loss but another stream. */
  private static final int MAX_JUMP = 1024;

  private static final int MAX_REQUESTS = 12;

  private static final long GIVE_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long MIN_REPEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

  /** Of the moving average of round trips. */
  private static final int SMOOTHING = 8;

  private static final class Missing {
    final long sinceNanos;
    long askedNanos;
    int requests;

    Missing(long sinceNanos) {
      this.sinceNanos = sinceNanos;
    }
  }

  private final Sink sink;
  private final TreeMap<Long, RtpPacket> waiting = new TreeMap<>();
  private final TreeMap<Long, Missing> missing = new TreeMap<>();
  private boolean started;
  private long next;
  private long highest;
  private long lost;
  private long recovered;
  private long givenUp;
  private long roundTripNanos;

  public ReorderBuffer(Sink sink) {
    this.sink = sink;
  }

  /**
   * Takes a packet as it came.
   *
   * @return whether it is new
   */
  public boolean add(RtpPacket packet, long nowNanos) {
    if (!started) {
      started = true;
      next = packet.sequence() + 0x10000L; // so that one before it is not negative
      highest = next - 1;
    }
    long number = highest + (short) (packet.sequence() - (int) highest);
    if (Math.abs(number - highest) > MAX_JUMP) {
      restart(number);
    }
    if (number < next || waiting.containsKey(number)) {
      return false;
    }
    for (long skipped = highest + 1; skipped < number; skipped++) {
      missing.put(skipped, new Missing(nowNanos));
      lost++;
    }
    highest = Math.max(highest, number);
    found(number, nowNanos);
    waiting.put(number, packet);
    if (waiting.size() > MAX_WAITING) {
      giveUp(missing.firstKey());
    }
    drain();
    return true;
  }

  /**
   * Gives up what is too late.
   *
   * @return numbers of packets to be asked for now, ascending
   */
  public List<Long> tick(long nowNanos) {
    long repeatNanos = Math.max(MIN_REPEAT_NANOS, roundTripNanos * 3 / 2);
    List<Long> wanted = new ArrayList<>();
    boolean late = false;
    Iterator<Map.Entry<Long, Missing>> all = missing.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<Long, Missing> entry = all.next();
      Missing one = entry.getValue();
      if (nowNanos - one.sinceNanos > GIVE_UP_NANOS) {
        all.remove();
        givenUp++;
        late = true;
      } else if (one.requests < MAX_REQUESTS
          && (one.requests == 0 || nowNanos - one.askedNanos >= repeatNanos)) {
        one.askedNanos = nowNanos;
        one.requests++;
        wanted.add(entry.getKey());
      }
    }
    if (late) {
      drain();
    }
    return wanted;
  }

  /** The highest number so far. */
  public long highest() {
    return highest;
  }

  /** Packets that did not come in their turn, found again or not. */
  public long lost() {
    return lost;
  }

  public long recovered() {
    return recovered;
  }

  public long givenUp() {
    return givenUp;
  }

  /** From asking for a packet until it came, on the average; 0 if none was asked for. */
  public long roundTripNanos() {
    return roundTripNanos;
  }

  private void found(long number, long nowNanos) {
    Missing one = missing.remove(number);
    if (one == null) {
      return;
    }
    recovered++;
    if (one.requests == 1) { // else nobody knows which request it answers
      long tookNanos = nowNanos - one.askedNanos;
      roundTripNanos =
          roundTripNanos == 0
              ? tookNanos
              : roundTripNanos + (tookNanos - roundTripNanos) / SMOOTHING;
    }
  }

  private void giveUp(long number) {
    missing.remove(number);
    givenUp++;
  }

  private void restart(long number) {
    givenUp += missing.size();
    missing.clear();
    drain();
    next = number;
    highest = number - 1;
  }

  private void drain() {
    while (!waiting.isEmpty()) {
      long first = waiting.firstKey();
      if (!missing.isEmpty() && missing.firstKey() < first) {
        return;
      }
      next = first + 1;
      sink.packet(waiting.pollFirstEntry().getValue(), first);
    }
  }
}
