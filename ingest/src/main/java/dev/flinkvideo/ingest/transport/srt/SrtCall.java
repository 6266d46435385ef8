package dev.flinkvideo.ingest.transport.srt;

import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.SrtOptions;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A connection that we make: knows why it was not made, if it was not. */
final class SrtCall extends SrtFeed {
  /** SRT_REJECT_REASON of srt.h. */
  private static final int BAD_SECRET = 10;

  private static final int UNSECURE = 11;

  /** The listener's own reasons begin here; they are those of HTTP, plus this. */
  private static final int LISTENERS_OWN = 1000;

  private static final int UNAUTHORISED = 1401;
  private static final int FORBIDDEN = 1403;
  private static final int NOT_FOUND = 1404;

  private final SrtLibrary library;
  private final String host;
  private final int port;
  private final SrtOptions options;

  SrtCall(SrtLibrary library, String host, int port, SrtOptions options) {
    super(SrtSocket.create(library));
    this.library = library;
    this.host = host;
    this.port = port;
    this.options = options;
  }

  @Override
  public boolean connect(long patienceNanos) {
    InetSocketAddress address = new InetSocketAddress(host, port); // may ask the network
    if (address.isUnresolved()) {
      end(EndReason.LOST, "no address is known of " + host);
      return false;
    }
    try {
      Duration patience = Duration.ofNanos(patienceNanos);
      configure(patience);
      int rejection = socket().connect(address, patience);
      if (rejection != 0) {
        refused(rejection);
        return false;
      }
    } catch (SrtException e) {
      end(EndReason.REFUSED, e.getMessage()); // the pass phrase has no allowed length
      return false;
    }
    return super.connect(patienceNanos);
  }

  private void configure(Duration patience) throws SrtException {
    socket().set(SrtSocket.Option.CONNECT_TIMEOUT, patience);
    socket().set(SrtSocket.Option.PEER_IDLE_TIMEOUT, PEER_IDLE);
    socket().set(SrtSocket.Option.LATENCY, options.latency());
    if (!options.streamId().isEmpty()) {
      socket().set(SrtSocket.Option.STREAM_ID, options.streamId());
    }
    if (!options.passphrase().isEmpty()) {
      socket().set(SrtSocket.Option.PASSPHRASE, options.passphrase());
    }
  }

  private void refused(int rejection) {
    String why =
        rejection >= LISTENERS_OWN
            ? "the listener says " + (rejection - LISTENERS_OWN)
            : library.srt_rejectreason_str(rejection);
    EndReason reason =
        switch (rejection) {
          case BAD_SECRET, UNSECURE, UNAUTHORISED, FORBIDDEN, NOT_FOUND -> EndReason.UNAUTHORISED;
          case SrtSocket.TIMED_OUT -> EndReason.LOST;
          default -> EndReason.REFUSED;
        };
    end(reason, why);
  }
}
