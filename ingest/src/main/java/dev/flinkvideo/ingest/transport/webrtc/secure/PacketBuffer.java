package dev.flinkvideo.ingest.transport.webrtc.secure;

import java.util.Arrays;
import org.jitsi.utils.ByteArrayBuffer;

/** One packet while jitsi-srtp works on it. One thread. */
final class PacketBuffer implements ByteArrayBuffer {
  private byte[] buffer;
  private int offset;
  private int length;

  PacketBuffer(byte[] packet) {
    buffer = packet;
    length = packet.length;
  }

  byte[] bytes() {
    return Arrays.copyOfRange(buffer, offset, offset + length);
  }

  @Override
  public byte[] getBuffer() {
    return buffer;
  }

  @Override
  public int getOffset() {
    return offset;
  }

  @Override
  public int getLength() {
    return length;
  }

  @Override
  public void setLength(int length) {
    this.length = length;
  }

  @Override
  public void setOffset(int offset) {
    this.offset = offset;
  }

  @Override
  public boolean isInvalid() {
    return false;
  }

  @Override
  public void readRegionToBuff(int from, int count, byte[] into) {
    System.arraycopy(buffer, offset + from, into, 0, count);
  }

  @Override
  public void grow(int moreBytes) {
    if (buffer.length < offset + length + moreBytes) {
      buffer = Arrays.copyOf(buffer, offset + length + moreBytes);
    }
  }

  @Override
  public void append(byte[] data, int count) {
    grow(count);
    System.arraycopy(data, 0, buffer, offset + length, count);
    length += count;
  }

  @Override
  public void shrink(int fewerBytes) {
    length = Math.max(0, length - fewerBytes);
  }
}
