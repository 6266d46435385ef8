package dev.flinkvideo.ingest.transport.webrtc.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one side offers or answers. Immutable.
 *
 * @param media in order
 */
public record SessionDescription(List<MediaDescription> media) {
  private static final int MAX_MEDIA = 16;
  private static final int MAX_LINES = 2000;

  /**
   * @throws IllegalArgumentException if it is malformed, with a reason for people
   */
  public static SessionDescription parse(String text) {
    String[] lines = text.split("\r?\n", MAX_LINES + 1);
    if (lines.length > MAX_LINES || !lines[0].equals("v=0")) {
      throw new IllegalArgumentException(
          "not a session description, send one that begins with v=0 and has at most %d lines"
              .formatted(MAX_LINES));
    }
    Map<String, List<String>> session = new TreeMap<>();
    Map<String, List<String>> attributes = session;
    List<MediaDescription> media = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith("m=")) {
        if (media.size() == MAX_MEDIA) {
          throw new IllegalArgumentException("more than %d media".formatted(MAX_MEDIA));
        }
        attributes = new TreeMap<>();
        media.add(MediaDescription.of(line.substring(2).trim(), attributes, session));
      } else if (line.startsWith("a=")) {
        int colon = line.indexOf(':');
        String name = colon < 0 ? line.substring(2) : line.substring(2, colon);
        String value = colon < 0 ? "" : line.substring(colon + 1);
        attributes.computeIfAbsent(name.trim(), any -> new ArrayList<>()).add(value.trim());
      }
    }
    return new SessionDescription(List.copyOf(media));
  }
}
