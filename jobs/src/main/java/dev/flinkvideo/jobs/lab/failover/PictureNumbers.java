package dev.flinkvideo.jobs.lab.failover;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/**
 * Tells which picture of a programme an observation shows, by its checksum: the programme comes
 * over and over, so of all pictures with that checksum it is the one nearest to where the session's
 * axis says that it should be. Of one session, whose observations it is asked about in their order.
 */
final class PictureNumbers implements ToLongFunction<JsonNode> {
  private final List<Reference> encodes;
  private final ToIntFunction<String> encodeOfSource;
  private final double pictureNs;

  private boolean begun;
  private long last;
  private long lastNs;
  private long unknown;

  /** The pictures of one encode, once through. */
  static final class Reference {
    private final Map<String, List<Long>> places = new HashMap<>();
    private final long length;

    /**
     * @param md5s of all pictures, in their order
     */
    Reference(List<String> md5s) {
      length = md5s.size();
      for (int i = 0; i < md5s.size(); i++) {
        places.computeIfAbsent(md5s.get(i), key -> new ArrayList<>()).add((long) i);
      }
    }

    /** The one nearest to {@code expected}, or null if no picture is like that. */
    private Long nearest(String md5, long expected) {
      Long nearest = null;
      for (long place : places.getOrDefault(md5, List.of())) {
        long number = place + Math.round((double) (expected - place) / length) * length;
        if (nearest == null || Math.abs(number - expected) < Math.abs(nearest - expected)) {
          nearest = number;
        }
      }
      return nearest;
    }
  }

  /**
   * @param encodes of the same pictures
   * @param encodeOfSource which of them a source carries
   * @param pictureSeconds from one picture to the next
   */
  PictureNumbers(
      List<Reference> encodes, ToIntFunction<String> encodeOfSource, double pictureSeconds) {
    this.encodes = encodes;
    this.encodeOfSource = encodeOfSource;
    this.pictureNs = pictureSeconds * 1e9;
  }

  @Override
  public long applyAsLong(JsonNode observation) {
    Reference encode = encodes.get(encodeOfSource.applyAsInt(observation.path("source").asText()));
    long timeNs = observation.path("timeNs").asLong();
    long expected = begun ? last + Math.round((timeNs - lastNs) / pictureNs) : encode.length;
    Long number = encode.nearest(observation.path("md5").asText(), expected);
    if (number == null) {
      unknown++;
      return expected; // it is damaged, and stands for the one that belongs there
    }
    begun = true;
    last = number;
    lastNs = timeNs;
    return number;
  }

  /** Pictures that are none of the programme. */
  long unknown() {
    return unknown;
  }
}
