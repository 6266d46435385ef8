package dev.flinkvideo.operators.session;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * Where a session stands. The code is what is in state, the label what is on the topics.
 *
 * <pre>
 *   IDLE ──specified──▶ CONNECTING ────────live───────▶ STREAMING ──silent──▶ STALLED
 *                        ▲      │                       │  ▲   ▲               │  │
 *             retry, next│      │all must wait      move│  │   └──recovered────┘  │
 *                        │      ▼                       ▼  │live                  │
 *                       RECONNECTING ────────────────▶ MIGRATING ◀────────────────┘
 *                                     a standby is ready         a standby is ready
 *
 *   STREAMING, STALLED, MIGRATING ──lost, nothing is ready──▶ CONNECTING or RECONNECTING
 *   CONNECTING ──lost, a standby is ready──▶ MIGRATING
 *   every state ──a gateway publishes what nobody remembers──▶ STREAMING or CONNECTING
 *   every state ──removed──▶ CLOSED          IDLE ──nobody specifies it──▶ CLOSED
 * </pre>
 *
 * The exact table is {@link #maySucceed}; docs/session.md is generated from it.
 */
public enum SessionState {
  /** It is known by its reports only: nobody has said yet what is wanted of it. */
  IDLE(1, "idle", "Known by its reports only: nobody has said yet what is wanted of it."),
  /** No picture: the source that is to be watched is being opened. */
  CONNECTING(2, "connecting", "No picture: the source that is to be watched is being opened."),
  /** A source is live and delivers. */
  STREAMING(3, "streaming", "A source is live and delivers."),
  /** The live connection is open and silent; it is kept while the next source is opened. */
  STALLED(
      4,
      "stalled",
      "The live connection is open and silent; it is kept while the next source is opened."),
  /** Nothing is open: all sources failed, and each waits for its next attempt. */
  RECONNECTING(
      5,
      "reconnecting",
      "Nothing is open: all sources failed, and each waits for its next attempt."),
  /** Another source is opening, or taking over, while the one before streams as long as it can. */
  MIGRATING(
      6,
      "migrating",
      "Another source is opening, or taking over, while the one before streams as long as it can."),
  /** Nothing is wanted any more. The end: its state is deleted. */
  CLOSED(7, "closed", "Nothing is wanted any more. The end: its state is deleted.");

  private final int code;
  private final String label;
  private final String sentence;

  SessionState(int code, String label, String sentence) {
    this.code = code;
    this.label = label;
    this.sentence = sentence;
  }

  static SessionState ofCode(int code) {
    return Arrays.stream(values())
        .filter(state -> state.code == code)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no session state has code=" + code));
  }

  int code() {
    return code;
  }

  public String label() {
    return label;
  }

  /** What it means, for the documentation. */
  public String sentence() {
    return sentence;
  }

  public boolean isTerminal() {
    return this == CLOSED;
  }

  /** The one gate for changes. A state may succeed itself where its source changes. */
  boolean maySucceed(SessionState from) {
    return successors(from).contains(this);
  }

  private static Set<SessionState> successors(SessionState from) {
    return switch (from) {
      case IDLE -> EnumSet.of(CONNECTING, STREAMING, RECONNECTING, CLOSED);
      case CONNECTING -> EnumSet.of(CONNECTING, STREAMING, RECONNECTING, MIGRATING, CLOSED);
      case STREAMING -> EnumSet.of(CONNECTING, STREAMING, STALLED, RECONNECTING, MIGRATING, CLOSED);
      case STALLED -> EnumSet.of(CONNECTING, STREAMING, RECONNECTING, MIGRATING, CLOSED);
      case RECONNECTING -> EnumSet.of(CONNECTING, STREAMING, MIGRATING, CLOSED);
      case MIGRATING -> EnumSet.of(CONNECTING, STREAMING, RECONNECTING, MIGRATING, CLOSED);
      case CLOSED -> EnumSet.noneOf(SessionState.class);
    };
  }
}
