package dev.flinkvideo.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/** The published schemas, to hold against them what really came out. */
final class Schemas {
  static final JsonSchema OBSERVATION = read("observation.schema.json");
  static final JsonSchema EVENT = read("event.schema.json");

  private Schemas() {}

  /** What is wrong with a record, in words; empty if nothing is. */
  static Set<String> faults(JsonSchema schema, byte[] json) {
    return schema.validate(new String(json, UTF_8), InputFormat.JSON).stream()
        .map(Object::toString)
        .collect(Collectors.toSet());
  }

  private static JsonSchema read(String file) {
    try {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(
              Files.readString(
                  Path.of(System.getProperty("project.root", ".."), "config", "schemas", file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
