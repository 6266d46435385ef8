package dev.flinkvideo.ingest.transport.webrtc.ice;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Our side of an ICE session (RFC 8445) and what came from its peer: where the peer is, and its
 * datagrams, which wait here for the thread of the connection. A lite agent answers checks and
 * learns the address from them; one that pulls sends checks to the peer's candidates. Filled by the
 * port's thread, read by the connection's.
 */
public final class IceAgent {
  /** A quarter of a second at 100 Mbit/s; what finds no room is lost, and asked for again. */
  private static final int MAX_WAITING_DATAGRAMS = 2048;

  /** A peer shows itself from each of its interfaces, and from no more. */
  private static final int MAX_ADDRESSES = 16;

  /** Checks that may be under way; later ones push out the oldest. */
  private static final int MAX_CHECKS = 64;

  private static final int PRIORITY = 0x0024;
  private static final int ICE_CONTROLLING = 0x802a;
  private static final byte[] PEER_REFLEXIVE_PRIORITY = {0x6e, 0, 1, (byte) 0xff};
  private static final SecureRandom RANDOM = new SecureRandom();

  private final IceCredentials local = IceCredentials.random();
  private final boolean controlling;
  private final byte[] tieBreaker = new byte[8];
  private final BlockingQueue<byte[]> inbox = new ArrayBlockingQueue<>(MAX_WAITING_DATAGRAMS);
  private final List<byte[]> checks = new ArrayList<>();
  private final List<InetSocketAddress> addresses = new ArrayList<>();
  private final CountDownLatch found = new CountDownLatch(1);

  private volatile IceCredentials remote;
  private volatile InetSocketAddress selected;
  private volatile long heardNanos = System.nanoTime();
  private volatile long overflowed;

  private IceAgent(boolean controlling) {
    this.controlling = controlling;
    RANDOM.nextBytes(tieBreaker);
  }

  /** For those who push to us: we have a public address, and wait. */
  public static IceAgent lite() {
    return new IceAgent(false);
  }

  /** For those we pull from. */
  public static IceAgent controlling() {
    return new IceAgent(true);
  }

  public IceCredentials local() {
    return local;
  }

  /** As the peer's description states them; of use only if we send checks. */
  public void setRemote(IceCredentials credentials) {
    remote = credentials;
  }

  /** Where the peer is reached, or null before it is known. */
  public InetSocketAddress selected() {
    return selected;
  }

  /** Waits until {@link #selected} is known, or too long. */
  public boolean awaitSelected(long nanos) throws InterruptedException {
    return found.await(nanos, TimeUnit.NANOSECONDS);
  }

  /** When anything came last. */
  public long heardNanos() {
    return heardNanos;
  }

  /** Datagrams that found no room. */
  public long overflowed() {
    return overflowed;
  }

  /** The next datagram that is not STUN, or null if none came in time. */
  public byte[] poll(long nanos) throws InterruptedException {
    return inbox.poll(nanos, TimeUnit.NANOSECONDS);
  }

  /** A check to be sent to a candidate of the peer. The connection's thread. */
  public byte[] check() {
    byte[] transactionId = new byte[StunMessage.TRANSACTION_ID_BYTES];
    RANDOM.nextBytes(transactionId);
    synchronized (checks) {
      if (checks.size() >= MAX_CHECKS) {
        checks.remove(0);
      }
      checks.add(transactionId);
    }
    return new StunWriter(StunMessage.BINDING_REQUEST, transactionId)
        .attribute(StunMessage.USERNAME, remote.name() + ":" + local.name())
        .attribute(PRIORITY, PEER_REFLEXIVE_PRIORITY)
        .attribute(ICE_CONTROLLING, tieBreaker)
        .attribute(StunMessage.USE_CANDIDATE, new byte[0])
        .sign(remote.password());
  }

  /** The port's thread, like all below. */
  void deliver(byte[] datagram) {
    heardNanos = System.nanoTime();
    if (!inbox.offer(datagram)) {
      overflowed = overflowed + 1; // one writer
    }
  }

  /** What to answer to a check that is signed with our password. */
  byte[] answer(StunMessage check, InetSocketAddress from) {
    heardNanos = System.nanoTime();
    if (!controlling && (selected == null || check.nominates())) {
      select(from);
    }
    return new StunWriter(StunMessage.BINDING_SUCCESS, check.transactionId())
        .mappedAddress(from)
        .sign(local.password());
  }

  /**
   * @return whether it answers one of our checks
   */
  boolean answered(StunMessage answer, InetSocketAddress from) {
    byte[] transactionId = answer.transactionId();
    synchronized (checks) {
      // First, for it costs less than a signature.
      if (checks.stream().noneMatch(check -> Arrays.equals(check, transactionId))
          || !answer.isSignedWith(remote.password())) {
        return false;
      }
      checks.removeIf(check -> Arrays.equals(check, transactionId));
    }
    heardNanos = System.nanoTime();
    if (selected == null) {
      select(from);
    }
    return true;
  }

  /**
   * Notes that the peer is seen at {@code address}.
   *
   * @return an address to be forgotten for it, or null
   */
  InetSocketAddress seenAt(InetSocketAddress address) {
    if (addresses.contains(address)) {
      return null;
    }
    addresses.add(address);
    return addresses.size() > MAX_ADDRESSES ? addresses.remove(0) : null;
  }

  private void select(InetSocketAddress address) {
    selected = address;
    found.countDown();
  }
}
