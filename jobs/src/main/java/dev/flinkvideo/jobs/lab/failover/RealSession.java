package dev.flinkvideo.jobs.lab.failover;

import dev.flinkvideo.jobs.cluster.Waiting;
import dev.flinkvideo.protocol.SessionStatus;
import dev.flinkvideo.protocol.SourceSpecification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A session that real sources publish, and what is done to it: each time something happens to it
 * begins a chapter, which lasts until the session is whole again and the next one begins. One
 * thread, which closes it.
 */
final class RealSession implements AutoCloseable {
  /** The default, but that a source may be disturbed often and comes back soon. */
  private static final String POLICY =
      """
      {"standbys":2,"returnToPreferred":false,"backoffInitialMs":200,"backoffMaxMs":1000,"quarantineFlaps":16,
       "quarantineWindowMs":60000}""";

  private static final Duration WITHIN = Duration.ofSeconds(60);
  private static final long LONGEST_PEACE_MS = 4_000;

  /**
   * Longer than a gateway keeps a connection on which nothing comes: what is ready then is not one
   * that was disturbed.
   */
  private static final long HEALING_MS = 6_000;

  private static final long AFTERWARDS_MS = 1_500;

  private final String session;
  private final List<RealSource> sources;
  private final Operator operator;
  private final List<Chapter> chapters = new ArrayList<>();

  /**
   * @param fromMs when the session was whole
   * @param atMs when something happened
   * @param watched the source that it was watched from
   */
  record Chapter(String what, long fromMs, long atMs, String watched) {}

  /** Something that is done to the session or its gateway. */
  @FunctionalInterface
  interface Blow {
    void strike(RealSource watched) throws Exception;
  }

  /**
   * @param sources in order of preference, to begin with; closed with it
   * @param operator closed with it
   */
  RealSession(String session, List<RealSource> sources, Operator operator) {
    this.session = session;
    this.sources = new ArrayList<>(sources);
    this.operator = operator;
  }

  String name() {
    return session;
  }

  /**
   * As often as wanted: the watched source, after a while of peace, and then it is mended. Where it
   * moves to is what was disturbed least, so that each is in its turn.
   */
  void disturb(Disturbance how, int times, Random random) throws Exception {
    begin();
    for (int i = 0; i < times; i++) {
      if (i > 0) {
        TimeUnit.MILLISECONDS.sleep(HEALING_MS);
      }
      awaitWhole();
      sources.sort(Comparator.comparing(RealSource::disturbances));
      specify();
      long peaceMs = random.nextLong(LONGEST_PEACE_MS);
      String watched =
          strike(how.name().toLowerCase(Locale.ROOT), peaceMs, source -> source.disturb(how))
              .source();
      await("watched from another than " + watched, status -> !watched.equals(status.source()));
      watchOn();
      source(watched).mend();
    }
  }

  /** Writes the specification; the sources begin to call. */
  void begin() throws Exception {
    specify();
    for (RealSource source : sources) {
      source.keepCalling();
    }
  }

  private void specify() throws Exception {
    SourceSpecification[] all =
        sources.stream().map(RealSource::specification).toArray(SourceSpecification[]::new);
    operator.put(Operator.specification(session, POLICY, all));
  }

  /** Until one is live and all others stand by with a key frame. */
  void awaitWhole() throws Exception {
    await(
        "watched, with every other source ready",
        status ->
            sources.stream()
                .allMatch(
                    source ->
                        source.name().equals(status.source()) || status.isReady(source.name())));
  }

  /**
   * @return how it stood before
   */
  SessionStatus strike(String what, long afterMs, Blow blow) throws Exception {
    long fromMs = System.currentTimeMillis();
    TimeUnit.MILLISECONDS.sleep(afterMs);
    SessionStatus before = operator.status(session);
    chapters.add(new Chapter(what, fromMs, System.currentTimeMillis(), before.source()));
    blow.strike(source(before.source()));
    return before;
  }

  /** Until it streams, so. Sources that were hung up on call again meanwhile. */
  void await(String how, Predicate<SessionStatus> so) throws Exception {
    Waiting.until(
        "session %s is %s".formatted(session, how),
        WITHIN,
        () -> {
          for (RealSource source : sources) {
            source.keepCalling();
          }
          SessionStatus status = operator.status(session);
          return status != null && status.state().equals("streaming") && so.test(status);
        });
  }

  /** So that what comes after a move is seen too. */
  void watchOn() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(AFTERWARDS_MS);
  }

  /** Ends it: its sources are turned away. */
  void remove() throws Exception {
    close(sources);
    operator.remove(session);
  }

  List<Chapter> chapters() {
    return chapters;
  }

  /** Which of the encodes a source carries. */
  int encode(String source) {
    return source(source).encode();
  }

  private RealSource source(String name) {
    return sources.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  private static void close(List<RealSource> sources) {
    sources.forEach(RealSource::close);
  }

  @Override
  public void close() {
    close(sources);
    operator.close();
  }
}
