package dev.flinkvideo.ingest.transport.rtmp;

import java.io.IOException;

/** What came is not RTMP, or more than we take. */
final class MalformedRtmpException extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedRtmpException(String message) {
    super(message);
  }
}
