package dev.flinkvideo.ingest.transport.webrtc.ice;

import java.security.SecureRandom;

/** Name and password of one side of an ICE session (RFC 8839 5.4). The password is a secret. */
public record IceCredentials(String name, String password) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  /** RFC 8839 asks for 24 and 128 bits; the name is what strangers would have to guess first. */
  private static final int NAME_LENGTH = 16;

  private static final int PASSWORD_LENGTH = 24;

  public static IceCredentials random() {
    return new IceCredentials(text(NAME_LENGTH), text(PASSWORD_LENGTH));
  }

  private static String text(int length) {
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return name;
  }
}
