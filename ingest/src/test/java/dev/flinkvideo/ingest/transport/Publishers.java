package dev.flinkvideo.ingest.transport;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Records each publisher that a listener lets in, and how it ended. */
public final class Publishers implements PublisherHandler {
  private final Map<String, Recording> recordings = new ConcurrentHashMap<>();
  private final Map<String, LiveTransport> transports = new ConcurrentHashMap<>();
  private final Map<String, Ending> endings = new ConcurrentHashMap<>();
  private final Map<String, Instant> ends = new ConcurrentHashMap<>();
  private final List<Ending> refusals = new CopyOnWriteArrayList<>();

  @Override
  public void publish(String publisher, String peer, LiveTransport transport) {
    transports.put(publisher, transport);
    Ending ending = transport.read(recording(publisher));
    ends.put(publisher, Instant.now());
    endings.put(publisher, ending);
  }

  @Override
  public void refused(String peer, Ending why) {
    refusals.add(why);
  }

  public Recording recording(String publisher) {
    return recordings.computeIfAbsent(publisher, name -> new Recording());
  }

  public LiveTransport transport(String publisher) {
    return transports.get(publisher);
  }

  public Ending awaitEnding(String publisher) {
    return await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> endings.get(publisher), ending -> ending != null);
  }

  /** From {@code moment} until a publisher's end was told. */
  public Duration endedAfter(String publisher, Instant moment) {
    return Duration.between(moment, ends.get(publisher));
  }

  /** From the last picture of a publisher until its end was told. */
  public Duration silence(String publisher) {
    return recording(publisher).silenceUntil(ends.get(publisher));
  }

  /** Those who were not let in. */
  public List<Ending> refusals() {
    return refusals;
  }

  public Ending awaitRefusal() {
    await().atMost(Duration.ofSeconds(30)).until(() -> !refusals.isEmpty());
    return refusals.get(0);
  }

  /** Until it plays, so that it can be disturbed. */
  public void awaitUnits(String publisher, int count) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> recording(publisher).units().size() >= count);
  }
}
