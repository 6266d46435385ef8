package dev.flinkvideo.ingest.transport.webrtc;

import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import java.io.IOException;

/** A WHEP server answered, but not with a session. */
final class WhepRefusalException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int status;

  WhepRefusalException(int status) {
    super("the server answered status=" + status);
    this.status = status;
  }

  Ending ending() {
    boolean unauthorised = status == 401 || status == 403;
    return new Ending(unauthorised ? EndReason.UNAUTHORISED : EndReason.REFUSED, getMessage());
  }
}
