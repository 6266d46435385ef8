package dev.flinkvideo.ingest.gateway;

import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.ingest.transport.PublisherGate;
import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.SourceTransport;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Lets in whom a command awaits and who knows the secret: the one in the configuration for that
 * stream, or the credential that the awaited source names. One for each protocol; any thread.
 */
final class Gate implements PublisherGate {
  private static final Ending WRONG = new Ending(EndReason.UNAUTHORISED, "wrong stream or key");
  private static final Ending NOT_AWAITED =
      new Ending(EndReason.REFUSED, "no session awaits this stream");

  private final SourceTransport transport;
  private final boolean open;
  private final Map<String, String> secrets;
  private final Map<String, String> credentials;
  private final Function<StreamName, Optional<SourceSpecification>> expected;

  Gate(
      SourceTransport transport,
      GatewayConfiguration configuration,
      Function<StreamName, Optional<SourceSpecification>> expected) {
    this.transport = transport;
    this.open = configuration.auth() == GatewayConfiguration.Auth.none;
    this.secrets =
        configuration.publishers().stream()
            .collect(
                Collectors.toMap(
                    GatewayConfiguration.Publisher::stream,
                    GatewayConfiguration.Publisher::secret));
    this.credentials = configuration.credentials();
    this.expected = expected;
  }

  @Override
  public Optional<Ending> refuse(String stream, String shown) {
    Optional<SourceSpecification> source = expected.apply(new StreamName(transport, stream));
    Optional<String> secret = secret(stream, source);
    // Compared even if there is nothing to compare with, so that both take equally long.
    boolean right = equal(secret.orElse(""), shown) && secret.isPresent();
    if (!right && !(open && secret.isEmpty())) {
      return Optional.of(WRONG);
    }
    return source.isPresent() ? Optional.empty() : Optional.of(NOT_AWAITED);
  }

  @Override
  public Optional<String> passphrase(String stream) {
    Optional<SourceSpecification> source = expected.apply(new StreamName(transport, stream));
    if (source.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> secret = secret(stream, source);
    return secret.isEmpty() && open ? Optional.of("") : secret;
  }

  /** The secret in the configuration, whether or not a command awaits the stream. */
  Optional<String> configured(String stream) {
    return Optional.ofNullable(secrets.get(stream));
  }

  private Optional<String> secret(String stream, Optional<SourceSpecification> source) {
    String named = source.map(SourceSpecification::credential).orElse(null);
    return Optional.ofNullable(named == null ? secrets.get(stream) : credentials.get(named));
  }

  /** In a time that tells only how long they are. */
  private static boolean equal(String secret, String shown) {
    return MessageDigest.isEqual(digest(secret), digest(shown));
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
