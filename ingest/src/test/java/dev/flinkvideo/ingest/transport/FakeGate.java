package dev.flinkvideo.ingest.transport;

import java.util.Optional;

/** Lets in whatever begins with a prefix and shows one secret. */
public record FakeGate(String prefix, String secret) implements PublisherGate {
  @Override
  public Optional<Ending> refuse(String stream, String shown) {
    return stream.startsWith(prefix) && shown.equals(secret)
        ? Optional.empty()
        : Optional.of(new Ending(EndReason.UNAUTHORISED, "wrong stream or key"));
  }

  @Override
  public Optional<String> passphrase(String stream) {
    return stream.startsWith(prefix) ? Optional.of(secret) : Optional.empty();
  }
}
