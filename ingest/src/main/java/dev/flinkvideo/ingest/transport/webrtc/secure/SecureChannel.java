package dev.flinkvideo.ingest.transport.webrtc.secure;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Queue;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.TlsTimeoutException;

/** A connection whose handshake is done, and its SRTP. Owned by the connection's thread. */
public final class SecureChannel implements AutoCloseable {
  /** Of records after the handshake, which carry nothing for us but the end. */
  private static final int RECORD_BYTES = 2048;

  private final DtlsWire wire;
  private final DTLSTransport transport;
  private final SrtpSession srtp;

  private SecureChannel(DtlsWire wire, DTLSTransport transport, SrtpSession srtp) {
    this.wire = wire;
    this.transport = transport;
    this.srtp = srtp;
  }

  /**
   * @param server whether the peer begins the handshake
   * @param expected what its certificate must hash to
   * @throws SocketTimeoutException if the handshake takes too long
   * @throws IOException if it fails
   */
  public static SecureChannel open(
      DatagramPeer peer,
      DtlsIdentity identity,
      Fingerprint expected,
      boolean server,
      Duration patience)
      throws IOException {
    DtlsWire wire = new DtlsWire(peer);
    DtlsParameters parameters = new DtlsParameters(identity, expected, patience);
    try {
      DTLSTransport transport =
          server
              ? new DTLSServerProtocol().accept(new DtlsServer(parameters), wire)
              : new DTLSClientProtocol().connect(new DtlsClient(parameters), wire);
      return new SecureChannel(wire, transport, new SrtpSession(parameters.keys()));
    } catch (TlsTimeoutException e) {
      throw (IOException) new SocketTimeoutException("DTLS handshake timed out").initCause(e);
    }
  }

  public static boolean isDtls(byte[] datagram) {
    return DtlsWire.isDtls(datagram);
  }

  public SrtpSession srtp() {
    return srtp;
  }

  /** Media that came before the handshake was done. */
  public Queue<byte[]> early() {
    return wire.early();
  }

  /**
   * Takes a DTLS datagram.
   *
   * @return whether the connection goes on; false once the peer has closed it
   */
  public boolean accept(byte[] datagram) {
    wire.offer(datagram);
    try {
      transport.receive(new byte[RECORD_BYTES], 0, RECORD_BYTES, 1);
    } catch (IOException e) {
      return false;
    }
    return !wire.isClosed();
  }

  /** Says goodbye. */
  @Override
  public void close() {
    try {
      transport.close();
    } catch (IOException e) {
      // the peer will notice by itself
    }
  }
}
