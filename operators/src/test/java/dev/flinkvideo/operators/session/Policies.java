package dev.flinkvideo.operators.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flinkvideo.protocol.PolicyOverrides;

/** Policies as an operator would write them. */
final class Policies {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Policies() {}

  static PolicyOverrides of(String json) {
    try {
      return MAPPER.readValue(json.replace('\'', '"'), PolicyOverrides.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
