package dev.flinkvideo.protocol;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Says what is wrong with a session specification, each fault with its path in the JSON and what is
 * allowed there. The job and the command line hold to it alike. Stateless; any thread.
 */
public final class SpecificationFaults {
  private static final long MAX_MS = 7L * 24 * 3_600_000;
  private static final int MAX_PORT = 65_535;

  private static final Map<SourceTransport, Set<String>> SCHEMES =
      Map.of(
          SourceTransport.RTMP, Set.of("rtmp", "rtmps"),
          SourceTransport.SRT, Set.of("srt"),
          SourceTransport.WEBRTC, Set.of("http", "https"),
          SourceTransport.FILE, Set.of("file"));

  private static final Map<SourceTransport, String> ADDRESSES =
      Map.of(
          SourceTransport.RTMP, "rtmp://HOST/APP/KEY",
          SourceTransport.SRT, "srt://HOST:PORT",
          SourceTransport.WEBRTC, "http://HOST/PATH of a WHEP server",
          SourceTransport.FILE, "file:/PATH");

  private final List<String> faults = new ArrayList<>();

  private SpecificationFaults() {}

  /** Empty if there is nothing wrong. */
  public static List<String> of(SessionSpecification specification) {
    SpecificationFaults check = new SpecificationFaults();
    check.name("/session", specification.session());
    List<SourceSpecification> sources = specification.sources();
    check.sources(sources);
    if (specification.pin() != null && sources != null && !sources.isEmpty()) {
      check.pin(specification.pin(), sources);
    }
    if (specification.policy() != null) {
      check.policy("/policy", specification.policy());
    }
    return List.copyOf(check.faults);
  }

  /** What is wrong with a policy that stands alone. */
  public static List<String> of(PolicyOverrides policy) {
    SpecificationFaults check = new SpecificationFaults();
    check.policy("", policy);
    return List.copyOf(check.faults);
  }

  private void sources(List<SourceSpecification> sources) {
    if (sources == null || sources.isEmpty()) {
      faults.add("/sources: it has none: name 1 to " + SessionSpecification.MAX_SOURCES);
      return;
    }
    if (sources.size() > SessionSpecification.MAX_SOURCES) {
      faults.add(
          "/sources: it has %d, allowed are 1 to %d"
              .formatted(sources.size(), SessionSpecification.MAX_SOURCES));
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < sources.size(); i++) {
      String path = "/sources/" + i;
      SourceSpecification source = sources.get(i);
      if (source == null) {
        faults.add(path + ": it is null: describe the source or leave it out");
        continue;
      }
      source(path, source);
      if (source.name() != null && !names.add(source.name())) {
        faults.add(
            "%s/name: '%s' is there twice: give each its own".formatted(path, source.name()));
      }
    }
  }

  private void source(String path, SourceSpecification source) {
    name(path + "/name", source.name());
    if (source.credential() != null) {
      name(path + "/credential", source.credential());
    }
    range(path + "/latencyMs", source.latencyMs(), 0, 60_000);
    if (source.transport() == null) {
      faults.add(path + "/transport: it is missing, allowed are rtmp, srt, webrtc, file");
      return;
    }
    if ((source.endpoint() == null) == (source.streamKey() == null)) {
      faults.add(
          path + ": give either an endpoint (it is pulled) or a streamKey (a publisher pushes it)");
      return;
    }
    if (source.endpoint() != null) {
      endpoint(path + "/endpoint", source);
      return;
    }
    name(path + "/streamKey", source.streamKey());
    if (source.transport() == SourceTransport.FILE) {
      faults.add(path + "/streamKey: a file is not pushed: give an endpoint, file:/PATH");
    }
  }

  private void endpoint(String path, SourceSpecification source) {
    Set<String> allowed = SCHEMES.get(source.transport());
    int colon = source.endpoint().indexOf(':');
    String scheme = colon < 0 ? "" : source.endpoint().substring(0, colon);
    if (!allowed.contains(scheme)) {
      faults.add(
          "%s: '%s' does not begin with %s:"
              .formatted(
                  path,
                  source.endpoint(),
                  String.join(": or ", allowed.stream().sorted().toList())));
    }
    if (source.endpoint().length() > Segments.MAX_NAME_CHARS) {
      faults.add(
          "%s: it has %d characters, at most %d are allowed"
              .formatted(path, source.endpoint().length(), Segments.MAX_NAME_CHARS));
    } else if (allowed.contains(scheme) && !isAddress(source)) {
      faults.add(
          "%s: '%s' cannot be opened: give %s"
              .formatted(path, source.endpoint(), ADDRESSES.get(source.transport())));
    }
  }

  /** Whether a gateway can make something of it. */
  private static boolean isAddress(SourceSpecification source) {
    try {
      URI uri = new URI(source.endpoint());
      boolean port = uri.getPort() > 0 && uri.getPort() <= MAX_PORT;
      return switch (source.transport()) {
        case SRT -> uri.getHost() != null && port;
        case WEBRTC -> uri.getHost() != null && (uri.getPort() < 0 || port);
        case RTMP -> uri.getRawAuthority() != null && (uri.getPort() < 0 || port);
        case FILE -> true;
      };
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private void pin(Pin pin, List<SourceSpecification> sources) {
    List<String> names =
        sources.stream().filter(source -> source != null).map(SourceSpecification::name).toList();
    if (pin.source() == null || !names.contains(pin.source())) {
      faults.add("/pin/source: no source '%s', allowed are %s".formatted(pin.source(), names));
    }
    range("/pin/untilMs", pin.untilMs(), 0, Long.MAX_VALUE);
  }

  private void policy(String path, PolicyOverrides policy) {
    range(path + "/stallAfterMs", policy.stallAfterMs(), 500, MAX_MS);
    range(path + "/connectWithinMs", policy.connectWithinMs(), 100, MAX_MS);
    range(path + "/firstSegmentWithinMs", policy.firstSegmentWithinMs(), 100, MAX_MS);
    range(path + "/reportWithinMs", policy.reportWithinMs(), 2_000, MAX_MS);
    range(path + "/backoffInitialMs", policy.backoffInitialMs(), 10, MAX_MS);
    range(path + "/backoffFactor", policy.backoffFactor(), 1, 100);
    range(path + "/backoffMaxMs", policy.backoffMaxMs(), 10, MAX_MS);
    range(path + "/backoffJitter", policy.backoffJitter(), 0, 0.9);
    if (policy.backoffInitialMs() != null
        && policy.backoffMaxMs() != null
        && policy.backoffInitialMs() > policy.backoffMaxMs()) {
      faults.add(
          "%s/backoffMaxMs: %d, allowed is no less than backoffInitialMs, which is %d"
              .formatted(path, policy.backoffMaxMs(), policy.backoffInitialMs()));
    }
    range(path + "/resetAfterMs", policy.resetAfterMs(), 0, MAX_MS);
    range(path + "/failuresBeforeNext", policy.failuresBeforeNext(), 1, 1_000);
    range(path + "/standbys", policy.standbys(), 0, SessionSpecification.MAX_SOURCES - 1);
    range(path + "/returnAfterMs", policy.returnAfterMs(), 0, MAX_MS);
    range(path + "/quarantineFlaps", policy.quarantineFlaps(), 1, 16);
    range(path + "/quarantineWindowMs", policy.quarantineWindowMs(), 1_000, MAX_MS);
    range(path + "/quarantineMs", policy.quarantineMs(), 1_000, MAX_MS);
    range(path + "/keyFrameIntervalMs", policy.keyFrameIntervalMs(), 100, MAX_MS);
    if (policy.triggers() != null) {
      policy.triggers().forEach((name, trigger) -> trigger(path + "/triggers/", name, trigger));
    }
  }

  private void trigger(String path, Trigger name, TriggerPolicy trigger) {
    if (trigger == null) {
      faults.add(path + name.label() + ": it is null: say {} to enable it with the defaults");
      return;
    }
    range(path + name.label() + "/raiseMs", trigger.raiseMs(), 0, MAX_MS);
    range(path + name.label() + "/clearMs", trigger.clearMs(), 0, MAX_MS);
    range(path + name.label() + "/threshold", trigger.threshold(), 0, 1e12);
  }

  private void name(String path, String name) {
    if (name == null || name.isEmpty() || name.length() > Segments.MAX_NAME_CHARS) {
      faults.add(
          "%s: it has %s characters, allowed are 1 to %d"
              .formatted(path, name == null ? "no" : name.length(), Segments.MAX_NAME_CHARS));
    } else if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
      faults.add(path + ": it is blank or has a control character: use what can be read");
    }
  }

  private void range(String path, Number value, double min, double max) {
    if (value == null) {
      return;
    }
    double number = value.doubleValue();
    if (!(number >= min && number <= max)) {
      faults.add("%s: %s, allowed are %s to %s".formatted(path, value, text(min), text(max)));
    }
  }

  private static String text(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }
}
