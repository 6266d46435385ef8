package dev.flinkvideo.operators.session;

/**
 * By when a session must have heard what it waits for. Computed from facts whenever it is asked, so
 * a wake-up that comes early, late or twice changes nothing. What could not be heard while the job
 * was down is held against no source: waits count from when it hears again.
 */
final class Waits {
  /** Gateways send statistics every second: with two missed, silence is the gateway's. */
  private static final long REPORTS_MISSED_MS = 2_000;

  private final Session session;
  private final SessionPolicy policy;
  private final Hearing hearing;
  private final long nowMs;

  Waits(Session session, SessionPolicy policy, Hearing hearing, long nowMs) {
    this.session = session;
    this.policy = policy;
    this.hearing = hearing;
    this.nowMs = nowMs;
  }

  /** Whether this run of the job has heard of its connection. */
  boolean isHeard(TrackedSource source) {
    return hearing.isOfThisRun(source.reportMs);
  }

  boolean isSilent(TrackedSource source) {
    return nowMs >= silentFromMs(source);
  }

  /** When it will have stalled, or has. What stalled before a restore does so after it. */
  long silentFromMs(TrackedSource source) {
    boolean stalled = session.state == SessionState.STALLED && source.name.equals(session.current);
    boolean known = stalled || isHeard(source);
    return (known ? source.unitMs : since(source.unitMs)) + policy.stallAfterMs();
  }

  /** Why a live source is silent: it, or the gateway that would have said so. */
  Reason whySilent(TrackedSource source) {
    return nowMs - since(source.reportMs) >= REPORTS_MISSED_MS
        ? Reason.GATEWAY_GONE
        : Reason.STALLED;
  }

  long reportByMs(TrackedSource source) {
    return since(source.reportMs) + policy.reportWithinMs();
  }

  long openByMs(TrackedSource source) {
    return since(source.phaseMs) + policy.connectWithinMs();
  }

  long keyFrameByMs(TrackedSource source) {
    return since(source.phaseMs) + policy.firstSegmentWithinMs();
  }

  long liveByMs(TrackedSource source) {
    return since(Math.max(source.phaseMs, source.toLiveMs)) + policy.firstSegmentWithinMs();
  }

  /** Until when a stalled source is kept. */
  long giveUpMs() {
    return since(session.sinceMs) + policy.connectWithinMs();
  }

  /** Until when a session is kept that nobody specifies. */
  long forgetMs() {
    return session.sinceMs + policy.forgetAfterMs();
  }

  private long since(long sinceMs) {
    return hearing.since(sinceMs);
  }
}
