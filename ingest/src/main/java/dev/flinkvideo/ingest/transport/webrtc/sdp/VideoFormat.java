package dev.flinkvideo.ingest.transport.webrtc.sdp;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A way to send video that both sides know.
 *
 * @param codec FFmpeg's name
 * @param parameters the fmtp attribute, may be empty
 * @param retransmissionType the payload type of repeated packets (RFC 4588)
 */
public record VideoFormat(
    String codec,
    int payloadType,
    String mapping,
    String parameters,
    OptionalInt retransmissionType) {

  /** Names of RTP and of FFmpeg. */
  private static final Map<String, String> CODECS =
      Map.of("h264", "h264", "vp8", "vp8", "vp9", "vp9", "av1", "av1");

  /**
   * The first format of {@code media} that we know.
   *
   * @return empty if there is none
   */
  public static Optional<VideoFormat> choose(MediaDescription media) {
    for (String format : media.formats()) {
      for (String mapping : media.of("rtpmap", format)) {
        String codec = CODECS.get(mapping.split("/")[0].toLowerCase(Locale.ROOT));
        String parameters = String.join(";", media.of("fmtp", format));
        if (codec != null && format.matches("[0-9]{1,3}") && isKnown(codec, parameters)) {
          int payloadType = Integer.parseInt(format);
          return Optional.of(
              new VideoFormat(
                  codec, payloadType, mapping, parameters, retransmission(media, format)));
        }
      }
    }
    return Optional.empty();
  }

  /** Parameter sets that the description states (RFC 6184 8.1), as Annex B; may be empty. */
  public byte[] parameterSets() {
    Optional<String> sets = parameter("sprop-parameter-sets");
    if (!codec.equals("h264") || sets.isEmpty()) {
      return new byte[0];
    }
    ByteArrayOutputStream annexB = new ByteArrayOutputStream();
    for (String set : sets.get().split(",")) {
      annexB.writeBytes(new byte[] {0, 0, 0, 1});
      annexB.writeBytes(decode(set));
    }
    return annexB.toByteArray();
  }

  private static byte[] decode(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("sprop-parameter-sets is not in Base64", e);
    }
  }

  private static boolean isKnown(String codec, String parameters) {
    return switch (codec) {
      case "h264" -> parameters.contains("packetization-mode=1");
      case "vp9" -> !parameters.contains("profile-id=") || parameters.contains("profile-id=0");
      default -> true;
    };
  }

  private static OptionalInt retransmission(MediaDescription media, String format) {
    for (String other : media.formats()) {
      List<String> mappings = media.of("rtpmap", other);
      boolean repeats = !mappings.isEmpty() && mappings.get(0).startsWith("rtx/");
      boolean ours =
          media.of("fmtp", other).stream()
              .anyMatch(parameters -> parameters.split(";")[0].trim().equals("apt=" + format));
      if (repeats && ours && other.matches("[0-9]{1,3}")) {
        return OptionalInt.of(Integer.parseInt(other));
      }
    }
    return OptionalInt.empty();
  }

  private Optional<String> parameter(String name) {
    for (String parameter : parameters.split(";")) {
      if (parameter.trim().startsWith(name + "=")) {
        return Optional.of(parameter.trim().substring(name.length() + 1));
      }
    }
    return Optional.empty();
  }
}
