package dev.flinkvideo.jobs.lab;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * An observation as a consumer found it.
 *
 * @param identity session, connection, segment and frame
 * @param content all of it but its timing: the same in every run over the same log
 * @param emittedUs when it was written, in microseconds since 1970
 */
public record SeenObservation(String identity, ObjectNode content, long emittedUs) {
  static SeenObservation of(ObjectNode json) {
    String identity =
        "%s/%d/%d/%d/%d"
            .formatted(
                json.path("session").asText(),
                json.path("epoch").asLong(),
                json.path("openedAtMs").asLong(),
                json.path("sequence").asLong(),
                json.path("frame").asLong());
    long emittedUs = json.path("timing").path("emittedUs").asLong();
    json.remove("timing");
    return new SeenObservation(identity, json, emittedUs);
  }
}
