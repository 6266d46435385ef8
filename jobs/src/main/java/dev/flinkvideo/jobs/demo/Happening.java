package dev.flinkvideo.jobs.demo;

import dev.flinkvideo.protocol.DropReason;
import dev.flinkvideo.protocol.Event;
import java.util.Locale;
import java.util.Optional;

/** Something that happened to a session, or was done to it, in words for the table. */
record Happening(String session, String what) {
  private static final String STREAMING = "streaming";

  /** Empty if it is worth nobody's look. */
  static Optional<Happening> of(Event event) {
    boolean momentary = event.sinceNs() != null && event.sinceNs().equals(event.timeNs());
    return switch (event.kind()) {
      case SESSION_CHANGED -> changed(event);
      case CONNECTION_CHANGED, TIME_JOINED -> Optional.empty(); // the above says so
      case DECODED -> Optional.empty(); // the table shows it
      case DROPPED -> isOfAMove(event) ? Optional.empty() : Optional.of(described(event));
      case ALARM_CLEARED -> momentary ? Optional.empty() : Optional.of(described(event));
      default -> Optional.of(described(event));
    };
  }

  /** The source that was left goes on for a moment. */
  private static boolean isOfAMove(Event event) {
    return DropReason.STALE_CONNECTION.label().equals(event.name());
  }

  private static Optional<Happening> changed(Event event) {
    if (!STREAMING.equals(event.to())) {
      return Optional.empty();
    }
    String what = "watched by %s (%s)".formatted(event.source(), event.name());
    return Optional.of(new Happening(event.session(), what));
  }

  private static Happening described(Event event) {
    String at =
        event.timeNs() == null
            ? ""
            : String.format(Locale.ROOT, " at %.2f s", event.timeNs() / 1e9);
    String what =
        "%s%s%s%s"
            .formatted(
                event.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                event.name() == null ? "" : " " + event.name(),
                at,
                event.message() == null ? "" : " (" + event.message() + ")");
    return new Happening(event.session(), what);
  }
}
