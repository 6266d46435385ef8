package dev.flinkvideo.ingest.transport;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/** How many peers may be connected at once, from one address and in all. Any thread. */
public final class PeerLimits {
  private final int perAddress;
  private final int inAll;
  private final Map<InetAddress, Integer> counts = new HashMap<>();
  private int total;

  public PeerLimits(int perAddress, int inAll) {
    this.perAddress = perAddress;
    this.inAll = inAll;
  }

  /**
   * Counts one more, to be taken back by {@link #leave}.
   *
   * @return false if that would be too many, in which case nothing is counted
   */
  public synchronized boolean enter(InetAddress address) {
    if (!hasRoom(address)) {
      return false;
    }
    counts.merge(address, 1, Integer::sum);
    total++;
    return true;
  }

  /** Whether {@link #enter} would count one more now. */
  public synchronized boolean hasRoom(InetAddress address) {
    return total < inAll && counts.getOrDefault(address, 0) < perAddress;
  }

  /**
   * As {@link #enter(InetAddress)}, of a peer whose address is not known, to be taken back by
   * {@link #leaveUnknown}.
   */
  public synchronized boolean enterUnknown() {
    if (total >= inAll) {
      return false;
    }
    total++;
    return true;
  }

  public synchronized void leaveUnknown() {
    total--;
  }

  public synchronized void leave(InetAddress address) {
    counts.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    total--;
  }

  public synchronized int total() {
    return total;
  }
}
