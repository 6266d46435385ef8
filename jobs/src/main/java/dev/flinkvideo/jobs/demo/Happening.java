package dev.flinkvideo.jobs.demo;

import dev.flinkvideo.protocol.DropReason;
import dev.flinkvideo.protocol.Event;
import java.util.Locale;
import java.util.Optional;

/**
 * Something that happened to a session, or was done to it, in words for the table.
 *
 * @param atNs when it was heard of, by {@link System#nanoTime}
 * @param kind of what; two of one kind at one time are told in one line
 * @param what of that kind; may be empty
 */
record Happening(long atNs, String session, String kind, String what) {
  private static final String STREAMING = "streaming";
  private static final long AT_ONCE_NS = 500_000_000;

  /** Of now. */
  Happening(String session, String kind, String what) {
    this(System.nanoTime(), session, kind, what);
  }

  /** Empty if it is worth nobody's look. */
  static Optional<Happening> of(Event event) {
    return switch (event.kind()) {
      case SESSION_CHANGED -> changed(event);
      case CONNECTION_CHANGED, TIME_JOINED -> Optional.empty(); // the above says so
      case DECODED, STREAMING -> Optional.empty(); // the table shows it
      case DROPPED -> isOfAMove(event) ? Optional.empty() : Optional.of(described(event));
      case ALARM_RAISED, ALARM_CLEARED ->
          isMomentary(event) ? Optional.empty() : Optional.of(described(event));
      default -> Optional.of(described(event));
    };
  }

  /** Both as one, if that is shorter. */
  Optional<Happening> with(Happening next) {
    boolean alike =
        next.session.equals(session)
            && next.kind.equals(kind)
            && !what.isEmpty()
            && next.atNs - atNs < AT_ONCE_NS;
    return alike
        ? Optional.of(new Happening(atNs, session, kind, what + ", " + next.what))
        : Optional.empty();
  }

  String text() {
    return (kind + " " + what).strip();
  }

  /** A change of scene, which is over when it is seen; there is one after each fault. */
  private static boolean isMomentary(Event event) {
    return event.sinceNs() != null && event.sinceNs().equals(event.timeNs());
  }

  /** The source that was left goes on for a moment, and the new one begins a moment before. */
  private static boolean isOfAMove(Event event) {
    return DropReason.STALE_CONNECTION.label().equals(event.name())
        || DropReason.OVERLAP.label().equals(event.name());
  }

  private static Optional<Happening> changed(Event event) {
    if (!STREAMING.equals(event.to())) {
      return Optional.empty();
    }
    String what = "%s (%s)".formatted(event.source(), event.name());
    return Optional.of(new Happening(event.session(), "watched by", what));
  }

  private static Happening described(Event event) {
    String what =
        "%s%s"
            .formatted(
                event.name() == null ? "" : event.name(),
                event.message() == null ? "" : " (" + event.message() + ")");
    String kind = event.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return new Happening(event.session(), kind, what.strip());
  }
}
