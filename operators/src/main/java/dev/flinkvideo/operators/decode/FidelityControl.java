package dev.flinkvideo.operators.decode;

import dev.flinkvideo.protocol.Fidelity;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Decides, once a second, which pictures of the sessions of a subtask are decoded, so that live
 * sessions stay near the end of the log whatever is sent. Pure: no clock, no Flink.
 *
 * <pre>
 *   all ──> reference frames ──> key frames ──> none      behind, and not catching up
 *       <──                  <──            <──           near the end for a while, and the cost fits
 *                                 ^ over budget: no room for a decoder; another try after its turn
 *   any ─────────────────────────────────────> none       far behind: goes on at the newest key frame
 * </pre>
 *
 * <p>A subtask is one queue, so its sessions are behind together; who loses pictures is decided by
 * what each costs, in time and in frame memory: those above the fair share go down, the others
 * stay. Complete sessions never go down; what they cost is not there to share, and where it is all
 * there is, live ones keep their key frames. Task thread only.
 */
final class FidelityControl {
  /** Takes what was decided. */
  interface Changes {
    /**
     * @param numbers what it was decided on, for people
     */
    void change(String session, Fidelity to, FidelityCause cause, String numbers);
  }

  /** Behind is not overloaded while the lag will be gone within this time. */
  private static final double CATCH_UP_SECONDS = 60;

  /** One bad look is a pause; two are a load. */
  private static final int LOOKS = 2;

  private final long lowerLagUs;
  private final long raiseLagUs;
  private final long raiseAfterUs;
  private final long holdUs;
  private final long turnUs;
  private final long jumpLagUs;
  private final double targetLoad;

  private long lastTickUs;
  private long lastLagUs;
  private long nearEndSinceUs;
  private int looksBehind;

  FidelityControl(ReadableConfig options) {
    this.lowerLagUs = options.get(FidelityOptions.LOWER_LAG).toNanos() / 1_000;
    this.raiseLagUs = options.get(FidelityOptions.RAISE_LAG).toNanos() / 1_000;
    this.raiseAfterUs = options.get(FidelityOptions.RAISE_AFTER).toNanos() / 1_000;
    this.holdUs = options.get(FidelityOptions.HOLD).toNanos() / 1_000;
    this.turnUs = options.get(FidelityOptions.TURN).toNanos() / 1_000;
    this.jumpLagUs = options.get(FidelityOptions.JUMP_LAG).toNanos() / 1_000;
    this.targetLoad = options.get(FidelityOptions.TARGET_LOAD);
  }

  /**
   * @param loads of the sessions that had a record since the last call, by name
   * @param poolBytes frame memory that they share
   */
  void tick(Map<String, SessionLoad> loads, long poolBytes, long nowUs, Changes changes) {
    double seconds = lastTickUs == 0 ? 1 : (nowUs - lastTickUs) / 1e6;
    lastTickUs = nowUs;
    loads.values().forEach(load -> load.evaluate(seconds));
    long lagUs =
        loads.values().stream()
            .filter(load -> load.isLive() && load.fidelity() != Fidelity.NONE)
            .mapToLong(SessionLoad::lagUs)
            .max()
            .orElse(0);
    looksBehind = isFallingBehind(lagUs, seconds) ? looksBehind + 1 : 0;
    if (lagUs > raiseLagUs || nearEndSinceUs == 0) {
      nearEndSinceUs = nowUs;
    }
    lastLagUs = lagUs;
    double fairShare = FairShare.ofLive(loads.values(), SessionLoad::fullDemand, targetLoad);
    FrameMemoryShare memory = FrameMemoryShare.of(loads.values(), poolBytes);
    loads.forEach((session, load) -> jump(session, load, changes));
    if (looksBehind >= LOOKS) {
      lower(loads, lagUs, fairShare, nowUs, changes);
    } else if (nowUs - nearEndSinceUs >= raiseAfterUs) {
      raise(loads, memory, lagUs, fairShare, nowUs, changes);
      evenOut(loads, lagUs, fairShare, nowUs, changes);
    }
    shareMemory(loads, memory, changes);
    giveTurns(loads, memory, nowUs, changes);
  }

  /** Whether a session that skips has reached the newest key frame, as far as can be known. */
  boolean endsJump(SessionLoad load, boolean key, long lagUs) {
    return load.fidelity() == Fidelity.NONE
        && load.cause() == FidelityCause.JUMP
        && key
        && lagUs <= Math.max(raiseLagUs, load.keyIntervalUs());
  }

  private boolean isFallingBehind(long lagUs, double seconds) {
    if (lagUs <= lowerLagUs) {
      return false;
    }
    double caughtUpPerSecond = (lastLagUs - lagUs) / seconds;
    return caughtUpPerSecond <= 0 || (lagUs - raiseLagUs) / caughtUpPerSecond > CATCH_UP_SECONDS;
  }

  private void jump(String session, SessionLoad load, Changes changes) {
    if (load.isLive() && load.lagUs() > jumpLagUs && load.fidelity() != Fidelity.NONE) {
      changes.change(
          session,
          Fidelity.NONE,
          FidelityCause.JUMP,
          "lagMs=%d is more than fidelity.jump-lag=%d ms"
              .formatted(load.lagUs() / 1_000, jumpLagUs / 1_000));
    }
  }

  private void lower(
      Map<String, SessionLoad> loads, long lagUs, double fairShare, long nowUs, Changes changes) {
    double limit = Double.isInfinite(fairShare) ? meanDemand(loads) : fairShare;
    double left = FairShare.leftForLive(loads.values(), SessionLoad::fullDemand, targetLoad);
    // Where complete sessions take it all, a key frame less here and there makes up for nothing.
    Fidelity lowest = left > 0 ? Fidelity.NONE : Fidelity.KEY;
    stepDown(
        loads,
        load ->
            load.fidelity().compareTo(lowest) < 0
                && nowUs - load.changedUs() >= holdUs
                && load.demand(load.fidelity()) >= limit,
        load -> numbers(load, lagUs, limit),
        changes);
  }

  private void raise(
      Map<String, SessionLoad> loads,
      FrameMemoryShare memory,
      long lagUs,
      double fairShare,
      long nowUs,
      Changes changes) {
    loads.forEach(
        (session, load) -> {
          if (load.fidelity() == Fidelity.ALL
              || load.cause() != FidelityCause.LAG
              || nowUs - load.changedUs() < raiseAfterUs) {
            return;
          }
          Fidelity to = step(load, -1);
          if (load.demand(to) <= fairShare
              && (to.compareTo(Fidelity.KEY) >= 0 || memory.allows(load))) {
            changes.change(session, to, FidelityCause.LAG, numbers(load, lagUs, fairShare));
          }
        });
  }

  /**
   * Who went down first paid for those that did not have to: while a session cannot come up again
   * for its cost, another that costs as much has no right to stay above it.
   */
  private void evenOut(
      Map<String, SessionLoad> loads, long lagUs, double fairShare, long nowUs, Changes changes) {
    boolean someAreHeldDown =
        loads.values().stream()
            .anyMatch(
                load ->
                    load.fidelity() != Fidelity.ALL
                        && load.cause() == FidelityCause.LAG
                        && load.fullDemand() > fairShare);
    if (!someAreHeldDown) {
      return;
    }
    stepDown(
        loads,
        load ->
            load.fidelity().compareTo(Fidelity.KEY) < 0
                && nowUs - load.changedUs() >= raiseAfterUs
                && load.demand(load.fidelity()) > fairShare,
        load -> numbers(load, lagUs, fairShare),
        changes);
  }

  private static void stepDown(
      Map<String, SessionLoad> loads,
      Predicate<SessionLoad> who,
      Function<SessionLoad, String> numbers,
      Changes changes) {
    loads.forEach(
        (session, load) -> {
          if (load.isLive() && who.test(load)) {
            changes.change(session, step(load, 1), FidelityCause.LAG, numbers.apply(load));
          }
        });
  }

  /**
   * While one has no room for its decoder, those go down too that hold more than their share of the
   * pool: who came first has no right to it.
   */
  private static void shareMemory(
      Map<String, SessionLoad> loads, FrameMemoryShare memory, Changes changes) {
    if (loads.values().stream().noneMatch(SessionLoad::isWaitingForRoom)) {
      return;
    }
    loads.forEach(
        (session, load) -> {
          if (load.isLive()
              && load.fidelity().compareTo(Fidelity.KEY) < 0
              && !memory.allows(load)) {
            changes.change(session, Fidelity.KEY, FidelityCause.BUDGET, memory.numbers(load));
          }
        });
  }

  /**
   * Sessions that had no room for their decoder try again, where their share of the pool is enough.
   */
  private void giveTurns(
      Map<String, SessionLoad> loads, FrameMemoryShare memory, long nowUs, Changes changes) {
    loads.forEach(
        (session, load) -> {
          if (load.isWaitingForRoom()
              && nowUs - load.changedUs() >= turnUs
              && memory.allows(load)) {
            changes.change(session, Fidelity.ALL, FidelityCause.BUDGET, memory.numbers(load));
          }
        });
  }

  /** So many steps down the ladder from where the session is. */
  private static Fidelity step(SessionLoad load, int down) {
    return Fidelity.values()[load.fidelity().ordinal() + down];
  }

  private static double meanDemand(Map<String, SessionLoad> loads) {
    return loads.values().stream()
        .filter(SessionLoad::isLive)
        .mapToDouble(load -> load.demand(load.fidelity()))
        .average()
        .orElse(0);
  }

  private static String numbers(SessionLoad load, long lagUs, double fairShare) {
    return "lagMs=%d demand=%.3f fullDemand=%.3f fairShare=%.3f"
        .formatted(lagUs / 1_000, load.demand(load.fidelity()), load.fullDemand(), fairShare);
  }
}
