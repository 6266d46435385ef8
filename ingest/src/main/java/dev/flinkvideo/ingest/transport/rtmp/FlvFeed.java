package dev.flinkvideo.ingest.transport.rtmp;

import dev.flinkvideo.ingest.transport.ByteFeed;
import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;

/**
 * The media of an RTMP connection as an FLV file without end (Adobe's FLV specification 10.1, annex
 * E). Metadata is left out: what it says is in the pictures, and its lies would be believed.
 */
final class FlvFeed implements ByteFeed {
  private static final int FILE_HEADER_BYTES = 9;
  private static final int TAG_HEADER_BYTES = 11;
  private static final int TAG_SIZE_BYTES = Integer.BYTES;
  private static final int SOUND_AND_PICTURES = 5;

  private final RtmpSession session;
  private ByteBuffer pending = fileHeader();
  private volatile Ending ending;

  FlvFeed(RtmpSession session) {
    this.session = session;
  }

  @Override
  public boolean awaitBytes(long patienceNanos) {
    ByteBuffer header = pending;
    if (!next(patienceNanos)) {
      return false;
    }
    pending =
        ByteBuffer.allocate(header.remaining() + pending.remaining())
            .put(header)
            .put(pending)
            .flip();
    return true;
  }

  @Override
  public int read(ByteBuffer into, long patienceNanos) {
    if (!pending.hasRemaining() && (ending != null || !next(patienceNanos))) {
      return END;
    }
    int count = Math.min(into.remaining(), pending.remaining());
    into.put(pending.slice(pending.position(), count));
    pending.position(pending.position() + count);
    return count;
  }

  @Override
  public Ending ending() {
    return ending;
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (IOException e) {
      // what could be said is in the ending
    }
  }

  private boolean next(long patienceNanos) {
    try {
      RtmpMessage message = session.nextMedia(patienceNanos);
      if (message != null) {
        pending = tag(message);
        return true;
      }
      ending = new Ending(EndReason.CLOSED, "the publisher unpublished");
    } catch (SocketTimeoutException e) {
      ending = new Ending(EndReason.STALLED, "the publisher fell silent");
    } catch (MalformedRtmpException e) {
      ending = new Ending(EndReason.PROTOCOL_ERROR, e.getMessage());
    } catch (EOFException e) {
      ending = new Ending(EndReason.LOST, "the publisher's side closed without unpublishing");
    } catch (IOException e) {
      ending = new Ending(EndReason.LOST, String.valueOf(e.getMessage()));
    }
    return false;
  }

  private static ByteBuffer fileHeader() {
    return ByteBuffer.allocate(FILE_HEADER_BYTES + TAG_SIZE_BYTES)
        .put((byte) 'F')
        .put((byte) 'L')
        .put((byte) 'V')
        .put((byte) 1)
        .put((byte) SOUND_AND_PICTURES)
        .putInt(FILE_HEADER_BYTES)
        .putInt(0)
        .flip();
  }

  private static ByteBuffer tag(RtmpMessage message) {
    int length = message.payload().length;
    int time = message.timestampMs();
    return ByteBuffer.allocate(TAG_HEADER_BYTES + length + TAG_SIZE_BYTES)
        .put((byte) message.type())
        .put((byte) (length >> 16))
        .putShort((short) length)
        .put((byte) (time >> 16))
        .putShort((short) time)
        .put((byte) (time >>> 24))
        .put((byte) 0) // stream, always
        .putShort((short) 0)
        .put(message.payload())
        .putInt(TAG_HEADER_BYTES + length)
        .flip();
  }
}
