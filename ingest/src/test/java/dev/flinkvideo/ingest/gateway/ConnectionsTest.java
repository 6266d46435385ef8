package dev.flinkvideo.ingest.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flinkvideo.ingest.kafka.PendingSegment;
import dev.flinkvideo.ingest.kafka.SegmentBuffer;
import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.protocol.CloseReason;
import dev.flinkvideo.protocol.ConnectionReport;
import dev.flinkvideo.protocol.DesiredConnection;
import dev.flinkvideo.protocol.ReportKind;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SessionCommand;
import dev.flinkvideo.protocol.SessionSpecification;
import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.SourceTransport;
import dev.flinkvideo.protocol.wire.Segment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConnectionsTest {
  private static final SourceSpecification PULLED =
      SourceSpecification.pull("far", SourceTransport.SRT, "srt://far:9000");
  private static final SourceSpecification SECOND =
      SourceSpecification.pull("second", SourceTransport.SRT, "srt://second:9000");
  private static final SourceSpecification PUSHED =
      SourceSpecification.push("near", SourceTransport.RTMP, "live/lobby");
  private static final StreamName STREAM = new StreamName(SourceTransport.RTMP, "live/lobby");

  private final List<FakeTransport> pulls = new CopyOnWriteArrayList<>();
  private final Map<SourceSpecification, FakeTransport> newest = new ConcurrentHashMap<>();
  private final List<ConnectionReport> reports = new CopyOnWriteArrayList<>();
  private final List<SessionSpecification> made = new CopyOnWriteArrayList<>();
  private final SegmentBuffer buffer = new SegmentBuffer(1 << 20, Duration.ofSeconds(60));
  private final Connections connections =
      new Connections(
          source -> {
            FakeTransport pull = new FakeTransport();
            pulls.add(pull);
            newest.put(source, pull);
            return pull;
          },
          buffer,
          new Reports("gateway", reports::add),
          new Newcomers(List.of("live/new"), 1, made::add),
          () -> new GroupRing(1 << 20, 1_000_000));

  @BeforeEach
  void ready() {
    connections.own(Set.of(0));
    connections.caughtUp();
  }

  @AfterEach
  void stop() {
    connections.stop();
  }

  @Test
  void shouldOpenWhatACommandNamesAndPublishFromItsKeyFrame() throws InterruptedException {
    command(live(PULLED, 1, 100));

    pulls.get(0).open().picture(false).picture(true).picture(false).picture(false).picture(true);

    Segment segment = buffer.take().segment();
    assertThat(segment.getEpoch()).isEqualTo(100);
    assertThat(segment.getSequence()).isZero();
    assertThat(segment.getAccessUnits(0).getKey()).isTrue();
    assertThat(segment.getAccessUnitsCount()).isEqualTo(2); // a third would end at 120 ms
    assertThat(kinds()).containsExactly(ReportKind.OPENED, ReportKind.FIRST_SEGMENT);
  }

  @Test
  void shouldDoACommandOnceHoweverOftenItComes() {
    command(live(PULLED, 1, 100));
    command(live(PULLED, 1, 100));

    assertThat(pulls).hasSize(1);
  }

  @Test
  void shouldPublishNothingOfAStandbyUntilItIsLiveThenAllThatIsKept() throws InterruptedException {
    command(standby(PULLED, 1));
    pulls.get(0).open().picture(true).picture(false).picture(true).picture(false);
    assertThat(buffer.bytes()).isZero();

    command(live(PULLED, 1, 100));
    pulls.get(0).picture(false).picture(false);

    for (long dts = 0; dts <= 160; dts += 80) {
      Segment segment = buffer.take().segment();
      assertThat(segment.getAccessUnits(0).getDts()).isEqualTo(dts);
      assertThat(segment.getAccessUnitsCount()).isEqualTo(2);
    }
    assertThat(pulls).hasSize(1);
  }

  @Test
  void shouldBeginWithTheGroupInWhichTheSourceBeforeEnded() throws InterruptedException {
    DesiredConnection standby = standby(SECOND, 2);
    command(live(PULLED, 1, 100), standby);
    FakeTransport first = newest.get(PULLED).open();
    FakeTransport second = newest.get(SECOND).open();
    for (int i = 0; i < 8; i++) {
      second.picture(i % 2 == 0);
    }
    first.picture(true).picture(false).picture(true).picture(false); // stalls

    command(live(SECOND, 2, 101));

    assertThat(buffer.take().segment().getEpoch()).isEqualTo(100);
    assertThat(buffer.take().segment().getEpoch()).isEqualTo(100);
    Segment segment = buffer.take().segment();
    assertThat(segment.getEpoch()).isEqualTo(101);
    assertThat(segment.getAccessUnits(0).getContentHash()).isEqualTo(12);
  }

  @Test
  void shouldBeginAnewUnderEachEpoch() throws InterruptedException {
    command(live(PULLED, 1, 100));
    pulls.get(0).open().picture(true).picture(false);
    command(standby(PULLED, 1));
    command(live(PULLED, 1, 101));
    pulls.get(0).picture(true);

    assertThat(buffer.take().segment().getEpoch()).isEqualTo(100);
    Segment next = buffer.take().segment();
    assertThat(next.getEpoch()).isEqualTo(101);
    assertThat(next.getSequence()).isZero();
  }

  @Test
  void shouldPublishOnWhileOutgoing() throws InterruptedException {
    command(live(PULLED, 1, 100));
    pulls.get(0).open().picture(true).picture(false);
    command(new DesiredConnection(PULLED, 1, 100L, Role.OUTGOING, null, null));
    pulls.get(0).picture(false).picture(true);

    assertThat(buffer.take().segment().getAccessUnitsCount()).isEqualTo(2);
    assertThat(buffer.take().segment().getAccessUnitsCount()).isOne();
  }

  /** Else the new one, which begins before them, would make them stale: they would be lost. */
  @ParameterizedTest
  @EnumSource(names = {"OUTGOING", "STANDBY"})
  void shouldPublishWhatAnOutgoingConnectionHasBeforeTheNewOne(Role role) throws Exception {
    for (int i = 0; i < 10; i++) { // sessions, for commands have no order of their own
      String session = "lobby-" + i;
      connections.command(session, 0, command(session, live(PULLED, 1, 100), standby(SECOND, 2)));
      FakeTransport first = newest.get(PULLED);
      FakeTransport second = newest.get(SECOND);
      for (FakeTransport pull : List.of(first, second)) {
        pull.open().picture(true);
      }
      Long epoch = role == Role.STANDBY ? null : Long.valueOf(100);
      DesiredConnection outgoing = new DesiredConnection(PULLED, 1, epoch, role, null, null);
      connections.command(session, 0, command(session, live(SECOND, 2, 101), outgoing));
      for (FakeTransport pull : List.of(first, second)) {
        pull.picture(false).picture(true).picture(false).picture(false);
      }

      Segment last = buffer.take().segment();
      assertThat(last.getEpoch()).isEqualTo(100);
      assertThat(last.getAccessUnitsCount()).isOne();
      while (buffer.bytes() > 0) {
        buffer.take();
      }
    }
  }

  @Test
  void shouldCloseWhatNoCommandNames() {
    command(live(PULLED, 1, 100));
    pulls.get(0).open();
    connections.command("lobby", 0, null);

    assertThat(pulls.get(0).isStopped()).isTrue();
    assertThat(lastReport().kind()).isEqualTo(ReportKind.CLOSED);
    assertThat(lastReport().reason()).isEqualTo(CloseReason.COMMANDED);
  }

  @Test
  void shouldOpenAnotherForAnotherNumber() {
    command(live(PULLED, 1, 100));
    pulls.get(0).open();
    command(live(PULLED, 2, 101));

    assertThat(pulls.get(0).isStopped()).isTrue();
    assertThat(pulls).hasSize(2);
    assertThat(lastReport().reason()).isEqualTo(CloseReason.REPLACED);
  }

  @Test
  void shouldNotOpenAgainWhatEndedUntilItHasAnotherNumber() {
    command(live(PULLED, 1, 100));
    pulls.get(0).open().end(EndReason.LOST);
    await().until(() -> kinds().contains(ReportKind.CLOSED));
    assertThat(lastReport().reason()).isEqualTo(CloseReason.BROKEN);

    command(live(PULLED, 1, 100));
    assertThat(pulls).hasSize(1);

    command(live(PULLED, 2, 101));
    assertThat(pulls).hasSize(2);
  }

  @Test
  void shouldSayUnreachableOfWhatNeverOpened() {
    command(live(PULLED, 1, 100));
    pulls.get(0).end(EndReason.LOST);

    await().until(() -> !reports.isEmpty());
    assertThat(lastReport().reason()).isEqualTo(CloseReason.UNREACHABLE);
    assertThat(lastReport().openedAtMs()).isNull();
  }

  @Test
  void shouldLeavePulledSourcesOfOtherPartitionsAlone() {
    connections.command("elsewhere", 1, command("elsewhere", live(PULLED, 1, 100)));
    assertThat(pulls).isEmpty();

    connections.own(Set.of(0, 1));
    assertThat(pulls).hasSize(1);
    pulls.get(0).open();

    connections.own(Set.of(0));
    assertThat(pulls.get(0).isStopped()).isTrue();
    assertThat(lastReport().reason()).isEqualTo(CloseReason.GATEWAY_STOPPING);

    connections.own(Set.of(0, 1));
    assertThat(pulls).hasSize(2);
  }

  @Test
  void shouldHoldAnAwaitedPublisherAndTellOfIt() {
    connections.command("lobby", 0, new SessionCommand(1, "lobby", List.of(), List.of(PUSHED), 0));
    FakeTransport publisher = publisher();
    publisher.open().picture(true);

    assertThat(kinds()).containsExactly(ReportKind.AVAILABLE);
    assertThat(buffer.bytes()).isZero();
    assertThat(publisher.isStopped()).isFalse();
  }

  @Test
  void shouldPublishAPushedSourceOnceCommanded() throws InterruptedException {
    connections.command("lobby", 1, new SessionCommand(1, "lobby", List.of(), List.of(PUSHED), 0));
    FakeTransport publisher = publisher();
    publisher.open().picture(true).picture(false);
    command(live(PUSHED, 1, 100));
    publisher.picture(true);

    assertThat(buffer.take().segment().getAccessUnitsCount()).isEqualTo(2);
    assertThat(kinds())
        .containsExactly(ReportKind.AVAILABLE, ReportKind.OPENED, ReportKind.FIRST_SEGMENT);
  }

  @Test
  void shouldTurnAwayAPublisherThatNobodyAwaitsAnyMore() {
    command(live(PUSHED, 1, 100));
    FakeTransport publisher = publisher();
    publisher.open();
    connections.command("lobby", 0, null);

    assertThat(publisher.isStopped()).isTrue();
    assertThat(connections.expected(STREAM)).isEmpty();
  }

  @Test
  void shouldMakeASessionOfAPublisherThatMayAndHoldItUntilItIsCommanded()
      throws InterruptedException {
    StreamName stream = new StreamName(SourceTransport.RTMP, "live/new");
    assertThat(connections.expected(stream)).isPresent();
    assertThat(made).isEmpty();

    FakeTransport publisher = publisher(stream);
    publisher.open().picture(true);
    command(live(PULLED, 1, 100));
    assertThat(publisher.isStopped()).isFalse();
    SessionSpecification session = made.get(0);
    connections.command(
        session.session(), 1, command(session.session(), live(session.sources().get(0), 1, 100)));
    publisher.picture(true);

    assertThat(buffer.take().segment().getSession()).isEqualTo("new");
    connections.command(session.session(), 1, null);
    assertThat(publisher.isStopped()).isTrue();
  }

  @Test
  void shouldLetANewPublisherTakeThePlaceOfTheOld() {
    command(live(PUSHED, 1, 100));
    FakeTransport before = publisher();
    before.open();
    publisher();

    assertThat(before.isStopped()).isTrue();
    assertThat(reports)
        .filteredOn(report -> report.kind() == ReportKind.CLOSED)
        .extracting(ConnectionReport::reason)
        .containsExactly(CloseReason.REPLACED);
  }

  @Test
  void shouldReportFiguresOfWhatIsOpenEachSecond() {
    command(live(PULLED, 1, 100));
    connections.tick();
    assertThat(reports).isEmpty();

    pulls.get(0).open().picture(true).picture(false);
    connections.tick();

    assertThat(lastReport().kind()).isEqualTo(ReportKind.STATISTICS);
    assertThat(lastReport().statistics().accessUnits()).isEqualTo(2);
    assertThat(lastReport().statistics().keyFrames()).isEqualTo(1);
    assertThat(lastReport().connection()).isEqualTo(1);
  }

  @Test
  void shouldReportWhatKafkaWasAwayTooLongFor() throws InterruptedException {
    command(live(PULLED, 1, 100));
    pulls.get(0).open().picture(true).picture(false);
    connections.tick();
    assertThat(lastReport().statistics().droppedSegments()).isZero();

    PendingSegment segment = buffer.take();
    segment.listener().dropped(segment.segment());
    connections.tick();

    assertThat(lastReport().kind()).isEqualTo(ReportKind.STATISTICS);
    assertThat(lastReport().statistics().droppedSegments()).isOne();
    pulls.get(0).end(EndReason.LOST);
    await().until(() -> kinds().contains(ReportKind.CLOSED));
    assertThat(lastReport().statistics().droppedSegments()).isOne();
  }

  @Test
  void shouldAskForKeyFramesAsOftenAsCommanded() {
    command(new DesiredConnection(PULLED, 1, 100L, Role.LIVE, 0L, null));
    pulls.get(0).open().picture(true);
    connections.tick();

    assertThat(pulls.get(0).keyFrameRequests()).isEqualTo(1);
  }

  @Test
  void shouldAskForAKeyFrameOnceForEachTimeACommandDoes() {
    command(live(PULLED, 1, 100));
    pulls.get(0).open().picture(true);
    command(asking(1));
    assertThat(pulls.get(0).keyFrameRequests()).as("the newest is young").isZero();

    AtomicLong asked = new AtomicLong(1);
    await()
        .until(
            () -> {
              command(asking(asked.incrementAndGet()));
              return pulls.get(0).keyFrameRequests() == 1;
            });
    command(asking(asked.get()));
    assertThat(pulls.get(0).keyFrameRequests()).as("told twice is told once").isOne();
    command(asking(asked.incrementAndGet()));
    assertThat(pulls.get(0).keyFrameRequests()).isEqualTo(2);
  }

  @Test
  void shouldSayThatItStops() {
    command(live(PULLED, 1, 100));
    pulls.get(0).open();
    connections.stop();

    assertThat(lastReport().reason()).isEqualTo(CloseReason.GATEWAY_STOPPING);
    assertThat(pulls.get(0).isStopped()).isTrue();
  }

  private FakeTransport publisher() {
    return publisher(STREAM);
  }

  private FakeTransport publisher(StreamName stream) {
    FakeTransport publisher = new FakeTransport();
    Thread thread = new Thread(() -> connections.publish(stream, publisher), "publisher");
    thread.setDaemon(true);
    thread.start();
    await().until(publisher::isRead);
    return publisher;
  }

  private void command(DesiredConnection... desired) {
    connections.command("lobby", 0, command("lobby", desired));
  }

  private static SessionCommand command(String session, DesiredConnection... desired) {
    return new SessionCommand(1, session, List.of(desired), List.of(), 0);
  }

  private static DesiredConnection live(SourceSpecification source, long number, long epoch) {
    return new DesiredConnection(source, number, epoch, Role.LIVE, null, null);
  }

  private static DesiredConnection asking(long atMs) {
    return new DesiredConnection(PULLED, 1, 100L, Role.LIVE, null, atMs);
  }

  private static DesiredConnection standby(SourceSpecification source, long number) {
    return new DesiredConnection(source, number, null, Role.STANDBY, null, null);
  }

  private List<ReportKind> kinds() {
    return reports.stream().map(ConnectionReport::kind).toList();
  }

  private ConnectionReport lastReport() {
    return reports.get(reports.size() - 1);
  }
}
