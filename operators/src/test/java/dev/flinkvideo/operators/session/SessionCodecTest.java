package dev.flinkvideo.operators.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flinkvideo.operators.session.Alarms.Sighting;
import dev.flinkvideo.operators.state.UnreadableStateException;
import dev.flinkvideo.protocol.Pin;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.SourceTransport;
import dev.flinkvideo.protocol.Trigger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** {@code -Dregenerate=true} writes the newest version's file anew; only before it is released. */
class SessionCodecTest {
  private static final Path GOLDEN =
      Path.of(
          System.getProperty("project.root", ".."),
          "operators/src/test/resources/golden/v1/session-state.bin");

  @Test
  void shouldReadWhatVersion1Wrote() throws Exception {
    if (Boolean.getBoolean("regenerate")) {
      Files.write(GOLDEN, SessionCodec.write(full()));
    }
    assertThat(SessionCodec.read("lobby", Files.readAllBytes(GOLDEN)))
        .usingRecursiveComparison()
        .isEqualTo(full());
  }

  @Test
  void shouldKeepEverythingThatASessionKnows() {
    Session full = full();
    assertThat(full).hasNoNullFieldsOrProperties();
    assertThat(SessionCodec.read("lobby", SessionCodec.write(full)))
        .usingRecursiveComparison()
        .isEqualTo(full);
    assertThat(full.copy()).usingRecursiveComparison().isEqualTo(full);
    Session bare = new Session("lobby", 7);
    assertThat(SessionCodec.read("lobby", SessionCodec.write(bare)))
        .usingRecursiveComparison()
        .isEqualTo(bare);
  }

  @Test
  void shouldReadAsManyBreaksAsAByteCounts() {
    Session session = full();
    session.sources.get(0).penalty.flapsMs = LongStream.range(0, 200).toArray();
    assertThat(SessionCodec.read("lobby", SessionCodec.write(session)))
        .usingRecursiveComparison()
        .isEqualTo(session);
  }

  @Test
  void shouldRefuseANewerVersion() {
    byte[] bytes = SessionCodec.write(full());
    bytes[0] = 2;
    assertThatThrownBy(() -> SessionCodec.read("lobby", bytes))
        .isInstanceOf(UnreadableStateException.class)
        .hasMessageStartingWith("session state has version=2, this job knows 1 to 1: restore it");
  }

  private static Session full() {
    Session session = new Session("lobby", 1);
    session.state = SessionState.MIGRATING;
    session.reason = Reason.TARGET_READY;
    session.specified = true;
    session.overrides =
        Policies.of(
            "{'stallAfterMs':1,'connectWithinMs':2,'firstSegmentWithinMs':3,'reportWithinMs':4,"
                + "'backoffInitialMs':5,'backoffFactor':1.5,'backoffMaxMs':6,'backoffJitter':0.5,"
                + "'resetAfterMs':7,'failuresBeforeNext':8,'makeBeforeBreak':false,'standbys':9,"
                + "'returnToPreferred':true,'returnAfterMs':10,'quarantineFlaps':11,"
                + "'quarantineWindowMs':12,'quarantineMs':13,'keyFrameIntervalMs':14,"
                + "'triggers':{'loss':{'enabled':true,'raiseMs':15,'clearMs':16,'threshold':0.25}}}");
    session.pin = new Pin("backup", 2);
    session.current = "truck";
    session.watched = "truck";
    session.target = "backup";
    session.why = Reason.PINNED;
    session.lastNumber = 3;
    session.moves = 4;
    session.alarms.sightings.put(Trigger.BLACK, new Sighting(5, 6));
    session.commanded = -7;
    session.incarnation = -8;
    session.deadlineMs = 8;
    session.timerMs = 9;
    session.sources.add(full(new TrackedSource("truck")));
    session.sources.add(new TrackedSource("backup"));
    return session;
  }

  private static TrackedSource full(TrackedSource source) {
    source.definition =
        new SourceSpecification(
            "truck", SourceTransport.WEBRTC, "https://truck/whep", null, "token", 120L, false);
    source.role = Role.OUTGOING;
    source.phase = Phase.LIVE;
    source.connection = 10;
    source.epoch = 11;
    source.openedAtMs = 12;
    source.gateway = "gateway-1";
    source.phaseMs = 13;
    source.toLiveMs = 14;
    source.unitMs = 15;
    source.reportMs = 16;
    source.healthyMs = 17;
    source.penalty.failures = 18;
    source.penalty.retryMs = 19;
    source.penalty.flapsMs = new long[] {20, 21};
    source.penalty.quarantinedUntilMs = 22;
    source.alarms.sightings.put(Trigger.LATE, new Sighting(23, 0));
    return source;
  }
}
