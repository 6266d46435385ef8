package dev.flinkvideo.ingest.transport.webrtc.secure;

/** Somebody with whom datagrams are exchanged. The thread of the connection. */
public interface DatagramPeer {
  void send(byte[] bytes, int offset, int length);

  /** The next datagram, or null if none came in time. */
  byte[] poll(long nanos) throws InterruptedException;

  /** Nothing more is wanted of it: what waits shall end. */
  boolean isStopped();
}
