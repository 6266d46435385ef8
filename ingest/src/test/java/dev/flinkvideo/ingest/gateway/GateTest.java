package dev.flinkvideo.ingest.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.SourceTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateTest {
  private static final String KEYS =
      "publishers: [{stream: live/a, secret: sesame}]\ncredentials: {truck: open-up}\n";

  @TempDir Path directory;

  private final Map<StreamName, SourceSpecification> awaited = new HashMap<>();

  @Test
  void shouldLetInWhoIsAwaitedAndKnowsTheSecret() throws IOException {
    await("live/a", null);

    assertThat(gate(KEYS).refuse("live/a", "sesame")).isEmpty();
  }

  @Test
  void shouldTellNobodyWhetherStreamOrSecretWasWrong() throws IOException {
    await("live/a", null);
    await("live/b", null);
    Gate gate = gate(KEYS);

    Optional<Ending> wrongSecret = gate.refuse("live/a", "sesam");
    assertThat(wrongSecret.orElseThrow().reason()).isEqualTo(EndReason.UNAUTHORISED);
    assertThat(gate.refuse("live/a", "")).isEqualTo(wrongSecret);
    assertThat(gate.refuse("live/b", "sesame")).isEqualTo(wrongSecret);
    assertThat(gate.refuse("live/b", "")).isEqualTo(wrongSecret);
    assertThat(gate.refuse("live/unknown", "sesame")).isEqualTo(wrongSecret);
  }

  @Test
  void shouldTakeTheCredentialThatTheSourceNames() throws IOException {
    await("live/a", "truck");
    Gate gate = gate(KEYS);

    assertThat(gate.refuse("live/a", "open-up")).isEmpty();
    assertThat(gate.refuse("live/a", "sesame")).isPresent();
  }

  @Test
  void shouldRefuseEverybodyIfTheCredentialIsNotConfigured() throws IOException {
    await("live/a", "lost");

    assertThat(gate(KEYS).refuse("live/a", "")).isPresent();
  }

  @Test
  void shouldTellWhoKnowsTheSecretThatNobodyAwaitsIt() throws IOException {
    assertThat(gate(KEYS).refuse("live/a", "sesame").orElseThrow().reason())
        .isEqualTo(EndReason.REFUSED);
  }

  @Test
  void shouldAskNoSecretOfStreamsWithoutOneIfToldSo() throws IOException {
    await("live/a", null);
    await("live/b", null);
    Gate gate = gate(KEYS + "auth: none\n");

    assertThat(gate.refuse("live/b", "")).isEmpty();
    assertThat(gate.refuse("live/a", "")).isPresent();
    assertThat(gate.passphrase("live/b")).contains("");
    assertThat(gate.passphrase("live/a")).contains("sesame");
  }

  @Test
  void shouldGivePassphrasesOfAwaitedStreamsOnly() throws IOException {
    assertThat(gate(KEYS).passphrase("live/a")).isEmpty();
    await("live/a", null);
    await("live/b", null);

    assertThat(gate(KEYS).passphrase("live/a")).contains("sesame");
    assertThat(gate(KEYS).passphrase("live/b")).isEmpty();
  }

  private void await(String stream, String credential) {
    SourceSpecification source =
        new SourceSpecification(
            "source", SourceTransport.RTMP, null, stream, credential, null, null);
    awaited.put(StreamName.of(source), source);
  }

  private Gate gate(String yaml) throws IOException {
    Path file = Files.writeString(directory.resolve("ingest.yaml"), yaml);
    return new Gate(
        SourceTransport.RTMP,
        GatewayConfiguration.read(file),
        stream -> Optional.ofNullable(awaited.get(stream)));
  }
}
