package dev.flinkvideo.ingest.transport;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A transport that is read in a thread of its own, recorded. One test's. */
public final class Reading implements AutoCloseable {
  private final LiveTransport transport;
  private final Recording recording = new Recording();
  private final CompletableFuture<Ending> ending;
  private volatile Instant end;

  public Reading(LiveTransport transport) {
    this.transport = transport;
    this.ending = CompletableFuture.supplyAsync(this::read);
  }

  private Ending read() {
    Ending why = transport.read(recording);
    end = Instant.now();
    return why;
  }

  /** From {@code moment} until the end was told. */
  public Duration endedAfter(Instant moment) {
    return Duration.between(moment, end);
  }

  /** From the last picture until the end was told. */
  public Duration silence() {
    return recording.silenceUntil(end);
  }

  public Recording recording() {
    return recording;
  }

  public void awaitUnits(int count) {
    await().atMost(Duration.ofSeconds(30)).until(() -> recording.units().size() >= count);
  }

  public Ending awaitEnding() throws Exception {
    return ending.get(60, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    transport.stop();
    ending.join();
  }
}
