package dev.flinkvideo.ingest.transport.webrtc.ice;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One UDP port for many peers, with one thread. Who sends is told by the name in a signed STUN
 * check, and from then on by the address; whatever else comes is dropped without an answer, so that
 * nobody can be flooded by way of us. Closed by whoever opened it.
 */
public final class UdpPort implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UdpPort.class);

  /** Larger than any datagram that WebRTC sends (RFC 8831 and libwebrtc: 1200 bytes and less). */
  private static final int MAX_DATAGRAM_BYTES = 2048;

  /** As often as peers must show themselves anew (RFC 7675): who does not may lose its address. */
  private static final long SILENT_NANOS = 5_000_000_000L;

  /** A burst of key frames of many peers. */
  private static final int RECEIVE_BUFFER_BYTES = 4 << 20;

  /** Whose an address is, and when it was last heard from, which is the port's thread's. */
  private static final class Holder {
    final IceAgent agent;
    long heardNanos = System.nanoTime();

    Holder(IceAgent agent) {
      this.agent = agent;
    }
  }

  private final DatagramChannel channel;
  private final Predicate<byte[]> arrives;
  private final Map<String, IceAgent> byName = new ConcurrentHashMap<>();
  private final Map<InetSocketAddress, Holder> byAddress = new ConcurrentHashMap<>();

  public UdpPort(InetSocketAddress bind) throws IOException {
    this(bind, datagram -> true);
  }

  /**
   * @param arrives for tests: false loses the datagram
   */
  public UdpPort(InetSocketAddress bind, Predicate<byte[]> arrives) throws IOException {
    this.arrives = arrives;
    channel = DatagramChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
      channel.bind(bind);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  public void start() {
    Thread thread = new Thread(this::receive, "webrtc-udp");
    thread.setDaemon(true);
    thread.start();
  }

  public int port() {
    return channel.socket().getLocalPort();
  }

  public void add(IceAgent agent) {
    byName.put(agent.local().name(), agent);
  }

  public void remove(IceAgent agent) {
    byName.remove(agent.local().name());
    byAddress.values().removeIf(holder -> holder.agent == agent);
  }

  /** Any thread. A datagram that the network does not take is lost, like any. */
  public void send(byte[] bytes, int offset, int length, InetSocketAddress to) {
    try {
      channel.send(ByteBuffer.wrap(bytes, offset, length), to);
    } catch (IOException e) {
      LOG.debug("not sent to {}: {}", to, e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void receive() {
    ByteBuffer buffer = ByteBuffer.allocate(MAX_DATAGRAM_BYTES);
    while (channel.isOpen()) {
      try {
        buffer.clear();
        InetSocketAddress from = (InetSocketAddress) channel.receive(buffer);
        byte[] datagram = Arrays.copyOf(buffer.array(), buffer.position());
        if (arrives.test(datagram)) {
          sort(datagram, from);
        }
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException | RuntimeException e) {
        LOG.warn("receiving on UDP port {} failed", port(), e); // one datagram's, not the port's
      }
    }
  }

  private void sort(byte[] datagram, InetSocketAddress from) {
    if (StunMessage.looksLike(datagram)) {
      StunMessage.parse(datagram).ifPresent(message -> stun(message, from));
      return;
    }
    Holder holder = byAddress.get(from);
    if (holder != null) {
      holder.heardNanos = System.nanoTime();
      holder.agent.deliver(datagram);
    }
  }

  private void stun(StunMessage message, InetSocketAddress from) {
    if (message.type() == StunMessage.BINDING_SUCCESS) {
      byName.values().forEach(agent -> take(agent, message, from));
      return;
    }
    String name = message.userName().split(":", 2)[0];
    IceAgent agent = byName.get(name);
    if (message.type() != StunMessage.BINDING_REQUEST
        || agent == null
        || !message.isSignedWith(agent.local().password())
        || isOfAnother(agent, from)) {
      return;
    }
    know(agent, from);
    byte[] answer = agent.answer(message, from);
    send(answer, 0, answer.length, from);
  }

  private void take(IceAgent agent, StunMessage answer, InetSocketAddress from) {
    if (!isOfAnother(agent, from) && agent.answered(answer, from)) {
      know(agent, from);
    }
  }

  /** Else who may publish, and forges its address, could cut off another. */
  private boolean isOfAnother(IceAgent agent, InetSocketAddress address) {
    Holder holder = byAddress.get(address);
    return holder != null
        && holder.agent != agent
        && System.nanoTime() - holder.heardNanos < SILENT_NANOS;
  }

  private void know(IceAgent agent, InetSocketAddress address) {
    InetSocketAddress forgotten = agent.seenAt(address);
    if (forgotten != null) {
      forget(forgotten, agent);
    }
    byAddress.put(address, new Holder(agent));
    if (byName.get(agent.local().name()) != agent) {
      forget(address, agent); // removed meanwhile
    }
  }

  private void forget(InetSocketAddress address, IceAgent agent) {
    byAddress.computeIfPresent(address, (known, holder) -> holder.agent == agent ? null : holder);
  }
}
