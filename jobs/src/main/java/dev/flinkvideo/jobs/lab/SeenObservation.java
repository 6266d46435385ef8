package dev.flinkvideo.jobs.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * An observation as a consumer found it.
 *
 * @param identity session, connection, segment and frame
 * @param content all of it but its timing: the same in every run over the same log
 * @param appendUs when its picture was in Kafka, in microseconds since 1970
 * @param emittedUs when it was written
 */
public record SeenObservation(String identity, ObjectNode content, long appendUs, long emittedUs) {
  static SeenObservation of(ObjectNode json) {
    String identity =
        "%s/%d/%d/%d/%d"
            .formatted(
                json.path("session").asText(),
                json.path("epoch").asLong(),
                json.path("openedAtMs").asLong(),
                json.path("sequence").asLong(),
                json.path("frame").asLong());
    JsonNode timing = json.remove("timing");
    return new SeenObservation(
        identity, json, timing.path("appendUs").asLong(), timing.path("emittedUs").asLong());
  }

  String session() {
    return content.path("session").asText();
  }

  /** Which pictures of the session were decoded then. */
  String fidelity() {
    return content.path("fidelity").asText("all");
  }

  double lagS() {
    return (emittedUs - appendUs) / 1e6;
  }
}
