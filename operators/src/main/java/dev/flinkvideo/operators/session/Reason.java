package dev.flinkvideo.operators.session;

import java.util.Arrays;

/** Why a session changed. The code is what is in state, the label what is on the topics. */
public enum Reason {
  /** The session is new. */
  NEW(1, "new"),
  /** An operator said what is wanted of it. */
  SPECIFIED(2, "specified"),
  /** What an operator said removed or changed the source in use. */
  RESPECIFIED(3, "respecified"),
  /** An operator moved it. */
  PINNED(4, "pinned"),
  /** An operator ended it. */
  REMOVED(5, "removed"),
  /** Nobody said what is wanted of it, for long enough, or until its connections were closed. */
  FORGOTTEN(6, "forgotten"),
  /** A gateway holds a connection that this machine does not remember, as after a restore. */
  ADOPTED(7, "adopted"),
  /** The source is live. */
  LIVE(8, "live"),
  /** The connection was closed by the other side, or could not be opened. */
  CLOSED(9, "closed"),
  /** It did not open in time. */
  CONNECT_TIMEOUT(10, "connect-timeout"),
  /** It opened, and no key frame came in time. */
  NO_KEY_FRAME(11, "no-key-frame"),
  /** It was told to go live, and did not in time. */
  NOT_LIVE(12, "not-live"),
  /** No access unit for the stall time. */
  STALLED(13, "stalled"),
  /** No report: the gateway that held it is gone. */
  GATEWAY_GONE(14, "gateway-gone"),
  /** It delivers again. */
  RECOVERED(15, "recovered"),
  /** Its picture or its line is bad; the detail says which trigger. */
  TRIGGERED(16, "triggered"),
  /** It is good again, before the next source was live. */
  CLEARED(17, "cleared"),
  /** The next source has a key frame and is told to go live. */
  TARGET_READY(18, "target-ready"),
  /** The next source could not be opened or did not go live. */
  TARGET_FAILED(19, "target-failed"),
  /** A source that is preferred has been healthy for the hold time. */
  PREFERRED_HEALTHY(20, "preferred-healthy"),
  /** The wait is over, or the source announced itself. */
  RETRY(21, "retry");

  private final int code;
  private final String label;

  Reason(int code, String label) {
    this.code = code;
    this.label = label;
  }

  static Reason ofCode(int code) {
    return Arrays.stream(values())
        .filter(reason -> reason.code == code)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no reason has code=" + code));
  }

  int code() {
    return code;
  }

  public String label() {
    return label;
  }
}
