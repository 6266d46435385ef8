package dev.flinkvideo.ingest.kafka;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What waits for Kafka, bounded in bytes and in age. When it is full, whole groups of pictures go,
 * the oldest first: what is left can be decoded. {@link #add} never blocks, so that no socket does
 * either. Any thread; {@link #take} one.
 */
public final class SegmentBuffer {
  private static final long NANOS_PER_MS = 1_000_000;

  private record Waiting(PendingSegment pending, long sinceNanos) {}

  private final long maxBytes;
  private final long maxAgeNanos;
  private final Map<PendingSegment.Stream, Deque<Waiting>> streams = new LinkedHashMap<>();

  /** Streams of which more may come. */
  private final Set<PendingSegment.Stream> open = new HashSet<>();

  /** Those of them of which a group has lost its beginning: the rest of it is of no use. */
  private final Set<PendingSegment.Stream> awaitingKey = new HashSet<>();

  private long bytes;
  private long droppedSegments;

  public SegmentBuffer(long maxBytes, Duration maxAge) {
    this.maxBytes = maxBytes;
    this.maxAgeNanos = maxAge.toNanos();
  }

  public void add(PendingSegment pending) {
    List<PendingSegment> dropped = add(pending, System.nanoTime());
    dropped.forEach(gone -> gone.listener().dropped(gone.segment()));
  }

  /** Waits for the segment that has waited longest. */
  public synchronized PendingSegment take() throws InterruptedException {
    while (streams.isEmpty()) {
      wait();
    }
    return remove(oldest());
  }

  /** Waits until nothing waits any more, or for so long. */
  synchronized void awaitEmpty(Duration atMost) throws InterruptedException {
    long endNanos = System.nanoTime() + atMost.toNanos();
    for (long left = atMost.toMillis(); left > 0 && !streams.isEmpty(); ) {
      wait(left);
      left = (endNanos - System.nanoTime()) / NANOS_PER_MS;
    }
  }

  /** The rest of a group of pictures of which Kafka did not take a part. */
  public void dropGroup(PendingSegment failed) {
    List<PendingSegment> dropped = new ArrayList<>();
    synchronized (this) {
      droppedSegments++;
      dropGroup(failed.stream(), /* keepFirst= */ true, dropped);
    }
    dropped.forEach(gone -> gone.listener().dropped(gone.segment()));
  }

  public synchronized long bytes() {
    return bytes;
  }

  public synchronized long droppedSegments() {
    return droppedSegments;
  }

  /** What had to go to make room; its listeners are told outside of the lock. */
  synchronized List<PendingSegment> add(PendingSegment pending, long nowNanos) {
    List<PendingSegment> dropped = new ArrayList<>();
    PendingSegment.Stream stream = pending.stream();
    open.add(stream);
    if (awaitingKey.contains(stream) && !pending.beginsGroup()) {
      droppedSegments++;
      dropped.add(pending);
      return dropped;
    }
    awaitingKey.remove(stream);
    streams.computeIfAbsent(stream, key -> new ArrayDeque<>()).add(new Waiting(pending, nowNanos));
    bytes += pending.bytes();
    while (isOver(nowNanos)) {
      dropGroup(oldest(), /* keepFirst= */ false, dropped);
    }
    notifyAll();
    return dropped;
  }

  private boolean isOver(long nowNanos) {
    if (streams.isEmpty()) {
      return false;
    }
    return bytes > maxBytes || nowNanos - streams.get(oldest()).peek().sinceNanos() > maxAgeNanos;
  }

  private PendingSegment.Stream oldest() {
    PendingSegment.Stream oldest = null;
    long sinceNanos = 0;
    for (Map.Entry<PendingSegment.Stream, Deque<Waiting>> entry : streams.entrySet()) {
      long since = entry.getValue().peek().sinceNanos();
      if (oldest == null || since - sinceNanos < 0) {
        oldest = entry.getKey();
        sinceNanos = since;
      }
    }
    return oldest;
  }

  /**
   * Removes segments up to the next that begins a group.
   *
   * @param keepFirst whether the first one may be that
   */
  private void dropGroup(
      PendingSegment.Stream stream, boolean keepFirst, List<PendingSegment> dropped) {
    Deque<Waiting> queue = streams.get(stream);
    boolean first = !keepFirst;
    while (queue != null && !queue.isEmpty()) {
      if (!first && queue.peek().pending().beginsGroup()) {
        return;
      }
      first = false;
      droppedSegments++;
      dropped.add(remove(stream));
    }
    if (open.contains(stream)) { // of one that is forgotten, a failure may still be told
      awaitingKey.add(stream);
    }
  }

  private PendingSegment remove(PendingSegment.Stream stream) {
    Deque<Waiting> queue = streams.get(stream);
    PendingSegment pending = queue.poll().pending();
    if (queue.isEmpty()) {
      streams.remove(stream);
      notifyAll();
    }
    bytes -= pending.bytes();
    return pending;
  }

  /** Nothing more will come of these segments' connection. */
  public synchronized void forget(String session, String source, long epoch, long openedAtMs) {
    PendingSegment.Stream stream = new PendingSegment.Stream(session, source, epoch, openedAtMs);
    open.remove(stream);
    awaitingKey.remove(stream);
  }

  /** For tests: of how many streams anything is known. */
  synchronized int remembered() {
    return open.size() + awaitingKey.size() + streams.size();
  }
}
