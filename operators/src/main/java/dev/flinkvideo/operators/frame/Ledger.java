package dev.flinkvideo.operators.frame;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who holds what of a {@link FramePool}, and since when; so that a leak has a name without waiting
 * for the collector. Owned by the pool, task thread only.
 */
final class Ledger {
  /** Keeps a stack trace per frame, so that a leak names its line. On in every test. */
  private static final boolean TRACE = Boolean.getBoolean("flinkvideo.frames.trace");

  private static final double MIB = 1 << 20;
  private static final long NS_PER_SECOND = 1_000_000_000L;
  private static final int NAMED_HOLDERS = 3;

  private final long overdueAfterNs;

  /** By owner, who is asked for with every record. */
  private final Map<String, Set<Lease>> leases = new LinkedHashMap<>();

  private final Map<Frame, Throwable> frames = new IdentityHashMap<>();
  private long lastGeneration;

  /**
   * Since when silence of a lease proves anything. A look that comes late means that the task stood
   * still (back-pressure, a long pause), and with it every lease.
   */
  private long watchedSinceNs;

  private long lastLookNs;

  Ledger(long overdueAfterNs, long nowNs) {
    this.overdueAfterNs = overdueAfterNs;
    this.watchedSinceNs = nowNs;
    this.lastLookNs = nowNs;
  }

  long nextGeneration() {
    return ++lastGeneration;
  }

  void add(Lease lease) {
    leases.computeIfAbsent(lease.owner(), owner -> new LinkedHashSet<>()).add(lease);
  }

  boolean remove(Lease lease) {
    Set<Lease> held = leases.get(lease.owner());
    if (held == null || !held.remove(lease)) {
      return false;
    }
    if (held.isEmpty()) {
      leases.remove(lease.owner());
    }
    return true;
  }

  void add(Frame frame) {
    frames.put(frame, TRACE ? new Throwable("frame of " + frame.owner() + " taken here") : null);
  }

  void remove(Frame frame) {
    frames.remove(frame);
  }

  int leases() {
    return leases.values().stream().mapToInt(Set::size).sum();
  }

  int frames() {
    return frames.size();
  }

  long bytesOf(String owner) {
    return bytes(leases.getOrDefault(owner, Set.of()));
  }

  /** The owners that hold most, for a message. */
  String topHolders(long nowNs) {
    String top =
        leases.values().stream()
            .sorted(Comparator.comparingLong(Ledger::bytes).reversed())
            .limit(NAMED_HOLDERS)
            .map(held -> describe(held, nowNs))
            .collect(Collectors.joining(", "));
    return leases.isEmpty()
        ? "nobody holds any"
        : "of %d holders the largest: %s".formatted(leases.size(), top);
  }

  List<Overdue> overdue(long nowNs) {
    if (nowNs - lastLookNs > overdueAfterNs / 2) {
      watchedSinceNs = nowNs;
    }
    lastLookNs = nowNs;
    List<Overdue> found = new ArrayList<>();
    for (Lease lease : all()) {
      Overdue.Kind kind = lease.isClosed() ? Overdue.Kind.CLOSED_LEASE : Overdue.Kind.UNUSED_LEASE;
      long sinceNs = lease.isClosed() ? lease.closedAtNs() : lease.lastUsedNs();
      boolean watched = lease.isClosed() || nowNs - watchedSinceNs > overdueAfterNs;
      if (watched && nowNs - sinceNs > overdueAfterNs) {
        found.add(
            new Overdue(
                kind, lease.owner(), lease.generation(), lease.bytes(), nowNs - sinceNs, null));
      }
    }
    frames.forEach(
        (frame, takenHere) -> {
          long ageNs = nowNs - frame.takenAtNs();
          if (ageNs > overdueAfterNs) {
            found.add(
                new Overdue(
                    Overdue.Kind.FRAME,
                    frame.owner(),
                    frame.generation(),
                    frame.bytes(),
                    ageNs,
                    takenHere));
          }
        });
    return found;
  }

  /** What to throw when the pool is closed with something out. */
  IllegalStateException leak() {
    StringBuilder owners = new StringBuilder();
    frames.keySet().forEach(frame -> owners.append(" frame of ").append(frame.owner()).append(';'));
    all().forEach(lease -> owners.append(" lease of ").append(lease.owner()).append(';'));
    IllegalStateException leak =
        new IllegalStateException(
            "frame pool closed with %d frames and %d leases out:%s set -Dflinkvideo.frames.trace=true to see where"
                .formatted(frames.size(), leases(), owners));
    frames.values().stream().filter(taken -> taken != null).forEach(leak::addSuppressed);
    return leak;
  }

  private List<Lease> all() {
    return leases.values().stream().flatMap(Set::stream).toList();
  }

  private static String describe(Set<Lease> held, long nowNs) {
    Lease oldest = held.iterator().next();
    return "%s (%.1f MiB for %d s)"
        .formatted(oldest.owner(), bytes(held) / MIB, (nowNs - oldest.takenAtNs()) / NS_PER_SECOND);
  }

  private static long bytes(Set<Lease> held) {
    return held.stream().mapToLong(Lease::bytes).sum();
  }
}
