package dev.flinkvideo.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonRecordsTest {
  @Test
  void shouldReadTheObservationsItWrote() throws Exception {
    assertThat(roundTrip(Samples.frame())).isEqualTo(Samples.frame());
    assertThat(roundTrip(Samples.bareFrame())).isEqualTo(Samples.bareFrame());
    assertThat(roundTrip(Samples.interval())).isEqualTo(Samples.interval());
  }

  @ParameterizedTest
  @EnumSource
  void shouldReadTheEventsItWrote(EventKind kind) throws Exception {
    Event full = Samples.event(kind, "any");
    Event bare = Event.builder("lobby", kind).build(1);

    assertThat(JsonRecords.readEvent(JsonRecords.write(full))).isEqualTo(full);
    assertThat(JsonRecords.readEvent(JsonRecords.write(bare))).isEqualTo(bare);
  }

  @Test
  void shouldLeaveOutWhatIsNotKnown() {
    assertThat(json(JsonRecords.write(Event.builder("lobby", EventKind.STALLED).build(1))))
        .isEqualTo("{'version':1,'session':'lobby','kind':'stalled','atUs':1}");
    assertThat(json(JsonRecords.write(Samples.bareFrame())))
        .startsWith("{'kind':'frame','version':1,'session':'lobby'")
        .doesNotContain("null");
  }

  @Test
  void shouldRefuseANewerVersionAndSayWhatToUpgrade() {
    RejectedRecordException event =
        rejected(() -> JsonRecords.readEvent(bytes("{'version':2,'brandNew':true}")));
    RejectedRecordException observation =
        rejected(() -> JsonRecords.readObservation(bytes("{'version':4294967297}")));

    assertThat(event.reason()).isEqualTo(RejectReason.NEWER_VERSION);
    assertThat(event).hasMessage("event version=2, this reader knows up to 1: upgrade the reader");
    assertThat(observation.reason()).isEqualTo(RejectReason.NEWER_VERSION);
  }

  @Test
  void shouldReadARecordWithFieldsItDoesNotKnow() throws Exception {
    byte[] json =
        bytes("{'version':1,'session':'lobby','kind':'stalled','atUs':1,'later':{'a':[1]}}");

    assertThat(JsonRecords.readEvent(json))
        .isEqualTo(Event.builder("lobby", EventKind.STALLED).build(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "42",
        "[]",
        "{}",
        "{'version':0}",
        "{'version':-1}",
        "{'version':'one'}",
        "{'version':1",
        "{'version':1,'session':'s','kind':'no-such-kind'}",
        "{'version':1,'session':'s','kind':'stalled','atUs':'soon'}",
        "{'version':1,'session':{},'kind':'stalled'}"
      })
  void shouldRefuseWhatItCannotRead(String json) {
    assertThat(rejected(() -> JsonRecords.readEvent(bytes(json))).reason())
        .isEqualTo(RejectReason.UNREADABLE);
    assertThat(rejected(() -> JsonRecords.readObservation(bytes(json))).reason())
        .isEqualTo(RejectReason.UNREADABLE);
  }

  @Test
  void shouldReadTheRecordsOfASessionItWrote() throws Exception {
    assertThat(JsonRecords.readSpecification(JsonRecords.write(Samples.specification())))
        .isEqualTo(Samples.specification());
    assertThat(JsonRecords.readCommand(JsonRecords.write(Samples.command())))
        .isEqualTo(Samples.command());
    assertThat(JsonRecords.readReport(JsonRecords.write(Samples.report())))
        .isEqualTo(Samples.report());
    assertThat(JsonRecords.readStatus(JsonRecords.write(Samples.status())))
        .isEqualTo(Samples.status());
    ConnectionReport greeting = ConnectionReport.greeting("gateway-1", new VersionRange(1, 2), 3);
    assertThat(JsonRecords.readReport(JsonRecords.write(greeting))).isEqualTo(greeting);
  }

  @ParameterizedTest
  @EnumSource
  void shouldRefuseAReportThatSaysTooLittle(ReportKind kind) {
    byte[] bare = JsonRecords.write(ConnectionReport.builder(kind, "gateway-1").build(1));

    assertThat(rejected(() -> JsonRecords.readReport(bare)).reason())
        .isEqualTo(RejectReason.INVALID);
  }

  @Test
  void shouldRefuseACommandThatSaysTooLittle() {
    assertThat(
            rejected(
                () ->
                    JsonRecords.readCommand(
                        bytes("{'version':1,'session':'s','connections':[{}],'awaited':[]}"))))
        .hasMessage("invalid session command: it has no source in a connection");
    assertThat(
            rejected(() -> JsonRecords.readCommand(bytes("{'version':1,'session':'s'}"))).reason())
        .isEqualTo(RejectReason.INVALID);
  }

  @Test
  void shouldRefuseASpecificationWithAllItsFaults() {
    RejectedRecordException refused =
        rejected(
            () ->
                JsonRecords.readSpecification(
                    bytes("{'version':1,'session':'s','pin':{'source':'x','untilMs':1}}")));

    assertThat(refused.reason()).isEqualTo(RejectReason.INVALID);
    assertThat(refused).hasMessage("/sources: it has none: name 1 to 16");
  }

  @Test
  void shouldRefuseNoise() {
    for (int seed = 0; seed < 500; seed++) {
      byte[] noise = Samples.noise(seed, seed);
      assertThat(rejected(() -> JsonRecords.readEvent(noise)).reason())
          .isEqualTo(RejectReason.UNREADABLE);
    }
  }

  @Test
  void shouldRefuseARecordOfNoSession() {
    assertThat(rejected(() -> JsonRecords.readEvent(bytes("{'version':1}"))).reason())
        .isEqualTo(RejectReason.INVALID);
    assertThat(
            rejected(() -> JsonRecords.readObservation(bytes("{'version':1,'kind':'frame'}")))
                .reason())
        .isEqualTo(RejectReason.INVALID);
    assertThat(
            rejected(() -> JsonRecords.readEvent(bytes("{'version':1,'session':'lobby'}")))
                .reason())
        .isEqualTo(RejectReason.INVALID);
  }

  private static Observation roundTrip(Observation observation) throws RejectedRecordException {
    return JsonRecords.readObservation(JsonRecords.write(observation));
  }

  private static RejectedRecordException rejected(ThrowingCallable read) {
    RejectedRecordException refused = catchThrowableOfType(RejectedRecordException.class, read);
    assertThat(refused).isNotNull();
    return refused;
  }

  private static byte[] bytes(String json) {
    return json.replace('\'', '"').getBytes(UTF_8);
  }

  private static String json(byte[] json) {
    return new String(json, UTF_8).replace('"', '\'');
  }
}
