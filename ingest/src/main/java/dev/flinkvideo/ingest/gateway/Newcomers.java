package dev.flinkvideo.ingest.gateway;

import dev.flinkvideo.protocol.SessionSpecification;
import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.SourceTransport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Sessions that publishers make of themselves: a stream that the configuration lets, and that no
 * session awaits, becomes a session of its name, with the job's policy and a source for each
 * protocol, that of the publisher first. Guarded by its owner, {@link Connections}.
 */
final class Newcomers {
  /** A stranger chose it, and it is to be seen in terminals and files. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  private static final String APPLICATION = "live/";
  private static final List<SourceTransport> TRANSPORTS =
      List.of(SourceTransport.RTMP, SourceTransport.SRT, SourceTransport.WEBRTC);

  private static final class Made {
    final SessionSpecification specification;
    boolean written;

    Made(SessionSpecification specification) {
      this.specification = specification;
    }
  }

  private final List<String> allowed;
  private final int most;
  private final Consumer<SessionSpecification> out;
  private final Set<String> specified = new HashSet<>();

  /** Those that no command has come for yet. */
  private final Map<String, Made> made = new HashMap<>();

  private int count;

  /**
   * @param allowed names of streams, or their beginnings before a {@code *}
   * @param most to be made in all
   * @param out writes a specification; must not block
   */
  Newcomers(List<String> allowed, int most, Consumer<SessionSpecification> out) {
    this.allowed = List.copyOf(allowed);
    this.most = most;
    this.out = out;
  }

  /** Somebody's specification is there, or is no more. */
  void specified(String session, boolean exists) {
    if (exists) {
      specified.add(session);
      Made own = made.get(session);
      if (own != null) {
        own.written = true;
      }
    } else {
      specified.remove(session);
      made.remove(session);
    }
  }

  /** From here on commands say who is awaited. */
  void commanded(String session) {
    made.remove(session);
  }

  /** The source that a stream would be, or is about to be, if it may make a session. */
  Optional<SourceSpecification> source(StreamName stream) {
    Optional<SourceSpecification> pending = pending(stream);
    return pending.isPresent() || !mayCome(stream)
        ? pending
        : Optional.of(specification(stream).sources().get(0));
  }

  /** Whether its session is about to be. */
  boolean isPending(StreamName stream) {
    return pending(stream).isPresent();
  }

  /** Its publisher is here. */
  void come(StreamName stream) {
    if (isPending(stream) || !mayCome(stream)) {
      return;
    }
    SessionSpecification specification = specification(stream);
    count++;
    specified.add(specification.session());
    made.put(specification.session(), new Made(specification));
    out.accept(specification);
  }

  /** What Kafka was away for is said again. */
  void repeat() {
    made.values().stream()
        .filter(own -> !own.written)
        .forEach(own -> out.accept(own.specification));
  }

  private Optional<SourceSpecification> pending(StreamName stream) {
    return Optional.ofNullable(made.get(name(stream))).stream()
        .flatMap(own -> own.specification.sources().stream())
        .filter(source -> StreamName.of(source).equals(stream))
        .findFirst();
  }

  private boolean mayCome(StreamName stream) {
    String name = name(stream);
    return count < most
        && NAME.matcher(name).matches()
        && !specified.contains(name)
        && allowed.stream().anyMatch(pattern -> matches(pattern, stream.stream()));
  }

  private static boolean matches(String pattern, String stream) {
    return pattern.endsWith("*")
        ? stream.startsWith(pattern.substring(0, pattern.length() - 1))
        : stream.equals(pattern);
  }

  private static String name(StreamName stream) {
    return stream.stream().substring(stream.stream().lastIndexOf('/') + 1);
  }

  private static SessionSpecification specification(StreamName stream) {
    List<SourceSpecification> sources = new ArrayList<>();
    sources.add(source(stream.transport(), stream.stream()));
    for (SourceTransport transport : TRANSPORTS) {
      if (transport != stream.transport()) {
        String application = transport == SourceTransport.SRT ? "" : APPLICATION;
        sources.add(source(transport, application + name(stream)));
      }
    }
    return SessionSpecification.of(name(stream), sources.toArray(SourceSpecification[]::new));
  }

  private static SourceSpecification source(SourceTransport transport, String stream) {
    return SourceSpecification.push(transport.name().toLowerCase(Locale.ROOT), transport, stream);
  }
}
