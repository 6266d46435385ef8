package dev.flinkvideo.operators.decode;

import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.Fidelity;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.flink.configuration.ReadableConfig;

/**
 * All sessions of a decode subtask: brings them back from state, writes them to it, divides frame
 * memory and time among them. Made and closed by the decode operator; task thread only.
 */
final class Sessions implements AutoCloseable {
  private final DecodeContext context;
  private final SessionState state;
  private final Consumer<String> currentKey;
  private final SuspensionGuard suspensions;
  private final FidelityControl fidelity;
  private final long tellEveryUs;

  /** By name, least recently used first: the order in which decoders make room. */
  private final Map<String, Session> byName =
      new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true);

  /** A session and what is known about it. */
  private static final class Session {
    private final SessionDecoder decoder;
    private final SessionState.Written written = new SessionState.Written();
    private final SessionLoad load = new SessionLoad();

    /** Since the last checkpoint. */
    private boolean moved;

    /** It had a record since its load was last looked at. */
    private boolean active;

    private Session(SessionDecoder decoder) {
      this.decoder = decoder;
    }
  }

  /**
   * @param currentKey makes a session the key whose state is read and written
   */
  Sessions(
      DecodeContext context,
      ReadableConfig options,
      SessionState state,
      Consumer<String> currentKey) {
    this.context = context;
    this.state = state;
    this.currentKey = currentKey;
    this.suspensions = new SuspensionGuard(options.get(DecodeOptions.MAX_SUSPENSIONS));
    this.fidelity = new FidelityControl(options);
    this.tellEveryUs = options.get(DecodeOptions.STATUS_INTERVAL).toNanos() / 1_000;
  }

  /** Decodes a record of the session that is the current key. */
  void decode(
      String name, boolean live, long appendUs, boolean key, Consumer<SessionDecoder> record)
      throws Exception {
    Session session = moving(name);
    session.load.live(live);
    if (!live && session.load.fidelity() != Fidelity.ALL) {
      choose(name, Fidelity.ALL, FidelityCause.COMPLETE, "every picture of it counts");
    }
    long startNs = System.nanoTime();
    if (fidelity.endsJump(session.load, key, context.clock().nowUs() - appendUs)) {
      choose(name, Fidelity.ALL, FidelityCause.JUMP, "at the newest key frame");
    }
    record.accept(session.decoder);
    long spentNs = System.nanoTime() - startNs;
    session.load.holds(context.pool().leasedBytes(name));
    session.load.processed(appendUs, key, context.clock().nowUs(), spentNs);
    session.active = true;
  }

  /** Nothing came for the stall time of the session that is the current key. */
  void idle(String name) throws Exception {
    moving(name).decoder.idle();
  }

  /** Nothing will come of the session that is the current key. */
  void forget(String name) throws Exception {
    Session session = byName.remove(name);
    if (session != null) {
      session.decoder.close();
    }
    state.clear();
  }

  /**
   * Shows what all decoders hold back, those of sessions too that had no record since a restore:
   * nothing more will come.
   */
  void endInput() throws Exception {
    // A copy: showing what one holds back may use another's slots, which changes the order.
    Set<String> names = new LinkedHashSet<>(byName.keySet());
    names.addAll(state.sessions());
    for (String name : names) {
      currentKey.accept(name);
      idle(name);
    }
  }

  /** Brings the state of every session that moved up to where it stands. */
  void checkpoint() throws Exception {
    for (Map.Entry<String, Session> entry : byName.entrySet()) {
      Session session = entry.getValue();
      if (session.moved) {
        session.decoder.reporter().flushCounts();
        currentKey.accept(entry.getKey());
        state.write(session.decoder, session.written);
        session.moved = false;
      }
    }
  }

  /** Once a second: chooses how many pictures of each session are decoded, and tells of it. */
  void look() {
    Map<String, SessionLoad> loads = new LinkedHashMap<>();
    byName.forEach(
        (name, session) -> {
          if (session.active) {
            loads.put(name, session.load);
            session.active = false;
          }
        });
    fidelity.tick(loads, context.pool().sizeBytes(), context.clock().nowUs(), this::choose);
    long lagUs = loads.values().stream().mapToLong(SessionLoad::liveLagUs).max().orElse(0);
    long lowered = loads.values().stream().filter(l -> l.fidelity() != Fidelity.ALL).count();
    context.metrics().load(lagUs / 1_000, (int) lowered);
    loads.forEach(this::tell);
  }

  /** Says how a session is decoded, if that was not said for a while. */
  private void tell(String name, SessionLoad load) {
    DecodingMeter meter = byName.get(name).decoder.reporter().meter();
    long nowUs = context.clock().nowUs();
    if (tellEveryUs > 0 && meter.isDue(tellEveryUs, nowUs)) {
      context.emit(
          Event.builder(name, EventKind.DECODED).decoding(meter.take(load.fidelity(), nowUs)));
    }
  }

  /**
   * Closes the decoder used longest ago, other than this session's own; false if there is none, or
   * if that was done too often of late. For a session of which every picture counts it is always
   * done, for there is no thread in which it could wait; but those like it make room first.
   */
  boolean makeRoomFor(String name) {
    boolean live = byName.get(name).load.isLive();
    Session other = live ? null : leastRecentlyUsed(name, session -> !session.load.isLive());
    if (other == null) {
      other = leastRecentlyUsed(name, session -> true);
    }
    if (other == null || (live && !suspensions.tryAcquire(context.clock().nowUs()))) {
      return false;
    }
    other.decoder.suspend();
    context.metrics().suspended();
    return true;
  }

  /** Of the others that have a decoder; null if there is none. */
  private Session leastRecentlyUsed(String name, Predicate<Session> which) {
    for (Map.Entry<String, Session> other : byName.entrySet()) {
      Session session = other.getValue();
      if (!other.getKey().equals(name) && session.decoder.hasDecoder() && which.test(session)) {
        return session;
      }
    }
    return null;
  }

  /** The pool could not carry a session's decoder beside the others. */
  void overBudget(String name, String message) {
    SessionLoad load = byName.get(name).load;
    if (load.isLive() && load.fidelity().compareTo(Fidelity.KEY) < 0) {
      choose(name, Fidelity.KEY, FidelityCause.BUDGET, message);
    }
  }

  int size() {
    return byName.size();
  }

  @Override
  public void close() {
    byName.values().forEach(session -> session.decoder.close());
  }

  /** The session that is the current key, which will not be what it was. */
  private Session moving(String name) throws Exception {
    Session session = byName.get(name);
    if (session == null) {
      session = new Session(new SessionDecoder(name, context));
      if (state.read(session.decoder, session.written)) {
        PictureSelection restored = session.decoder.stream().selection();
        session.load.change(restored.chosen(), restored.cause(), context.clock().nowUs());
      }
      byName.put(name, session);
    }
    session.moved = true;
    return session;
  }

  /** Decodes more or fewer pictures of a session, and says why. */
  void choose(String name, Fidelity to, FidelityCause cause, String numbers) {
    Session session = byName.get(name);
    Fidelity from = session.load.fidelity();
    session.load.change(to, cause, context.clock().nowUs());
    session.decoder.stream().choose(to, cause);
    session.moved = true;
    context.emit(
        Event.builder(name, EventKind.FIDELITY_CHANGED)
            .name(to.label())
            .message("from=%s cause=%s, %s".formatted(from.label(), cause.label(), numbers)));
  }
}
