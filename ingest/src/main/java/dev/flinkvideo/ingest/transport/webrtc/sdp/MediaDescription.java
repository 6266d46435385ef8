package dev.flinkvideo.ingest.transport.webrtc.sdp;

import dev.flinkvideo.ingest.transport.webrtc.ice.IceCredentials;
import dev.flinkvideo.ingest.transport.webrtc.secure.Fingerprint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One m= section with its attributes, those of the session behind them. Immutable once parsed. */
public final class MediaDescription {
  private final String[] line;
  private final Map<String, List<String>> own;
  private final Map<String, List<String>> session;

  private MediaDescription(
      String[] line, Map<String, List<String>> own, Map<String, List<String>> session) {
    this.line = line;
    this.own = own;
    this.session = session;
  }

  static MediaDescription of(
      String line, Map<String, List<String>> own, Map<String, List<String>> session) {
    String[] words = line.split(" +");
    if (words.length < 4) {
      throw new IllegalArgumentException("malformed media line, send kind, port, profile, formats");
    }
    return new MediaDescription(words, own, session);
  }

  /** {@code video}, {@code audio}, {@code application}. */
  public String kind() {
    return line[0];
  }

  public String protocol() {
    return line[2];
  }

  /** In the order of preference. */
  public List<String> formats() {
    return List.of(line).subList(3, line.length);
  }

  public Optional<String> mid() {
    return first(own, "mid");
  }

  /** {@code actpass}, {@code active} or {@code passive}. */
  public String setup() {
    return attribute("setup").orElse("actpass");
  }

  public IceCredentials credentials() {
    return new IceCredentials(required("ice-ufrag"), required("ice-pwd"));
  }

  public Fingerprint fingerprint() {
    return Fingerprint.parse(required("fingerprint"));
  }

  public List<String> candidates() {
    return own.getOrDefault("candidate", session.getOrDefault("candidate", List.of()));
  }

  /** All values of an attribute that belong to {@code format}, without it. */
  public List<String> of(String attribute, String format) {
    List<String> values = new ArrayList<>();
    for (String value : own.getOrDefault(attribute, List.of())) {
      if (value.startsWith(format + " ")) {
        values.add(value.substring(format.length() + 1).trim());
      }
    }
    return values;
  }

  /** The number that stands for a header extension here. */
  public Optional<Integer> extension(String uri) {
    for (String value : own.getOrDefault("extmap", List.of())) {
      String[] words = value.split(" +");
      String number = words[0].split("/")[0];
      if (words.length > 1 && words[1].equals(uri) && number.matches("[0-9]{1,3}")) {
        return Optional.of(Integer.valueOf(number));
      }
    }
    return Optional.empty();
  }

  private Optional<String> attribute(String name) {
    return first(own, name).or(() -> first(session, name));
  }

  private String required(String name) {
    return attribute(name)
        .orElseThrow(() -> new IllegalArgumentException("a=%s is missing".formatted(name)));
  }

  private static Optional<String> first(Map<String, List<String>> attributes, String name) {
    return attributes.getOrDefault(name, List.of()).stream().findFirst();
  }
}
