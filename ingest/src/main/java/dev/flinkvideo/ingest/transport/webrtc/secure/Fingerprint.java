package dev.flinkvideo.ingest.transport.webrtc.secure;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;

/**
 * What a certificate must hash to, so that only the peer of the description can speak (RFC 8122 5).
 *
 * @param algorithm in lower case
 * @param value in upper case, with colons
 */
public record Fingerprint(String algorithm, String value) {
  private static final Set<String> STRONG = Set.of("sha-256", "sha-384", "sha-512");
  private static final HexFormat HEX = HexFormat.ofDelimiter(":").withUpperCase();

  /**
   * @param attribute as the description has it: the algorithm, a space, the hash
   * @throws IllegalArgumentException if it cannot be relied on
   */
  public static Fingerprint parse(String attribute) {
    String[] parts = attribute.trim().split(" +");
    String algorithm = parts[0].toLowerCase(Locale.ROOT);
    if (parts.length != 2 || !STRONG.contains(algorithm)) {
      throw new IllegalArgumentException(
          "fingerprint is none of " + STRONG + ", send one of these");
    }
    return new Fingerprint(algorithm, parts[1].toUpperCase(Locale.ROOT));
  }

  static Fingerprint of(String algorithm, byte[] certificate) {
    try {
      byte[] hash = MessageDigest.getInstance(algorithm).digest(certificate);
      return new Fingerprint(algorithm, HEX.formatHex(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has the SHA-2 family", e);
    }
  }

  boolean matches(byte[] certificate) {
    return equals(of(algorithm, certificate));
  }

  @Override
  public String toString() {
    return algorithm + " " + value;
  }
}
