package dev.flinkvideo.ingest.transport.srt;

import java.io.IOException;

/** What libsrt refused to do, in its own words. */
final class SrtException extends IOException {
  private static final long serialVersionUID = 1L;

  SrtException(String what, String why) {
    super(what + ": " + why);
  }
}
