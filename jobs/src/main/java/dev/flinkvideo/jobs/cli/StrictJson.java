package dev.flinkvideo.jobs.cli;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.flinkvideo.protocol.PolicyOverrides;
import dev.flinkvideo.protocol.SessionSpecification;
import dev.flinkvideo.protocol.SpecificationFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Reads what people write, and refuses what a record's reader would overlook: a field that nobody
 * knows is a typing error. Each fault has its path in the JSON and says what is allowed there.
 */
final class StrictJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .withCoercionConfig(
              LogicalType.Textual,
              text ->
                  text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .build();

  private StrictJson() {}

  static SessionSpecification specification(byte[] json) throws UnusableInputException {
    SessionSpecification read = read(json, SessionSpecification.class);
    if (read.version() != SessionSpecification.VERSION) {
      throw new UnusableInputException(
          "/version: %d, allowed is %d".formatted(read.version(), SessionSpecification.VERSION));
    }
    refuse(SpecificationFaults.of(read));
    return read;
  }

  static PolicyOverrides policy(Path file) throws UnusableInputException {
    PolicyOverrides read = read(bytes(file), PolicyOverrides.class);
    refuse(SpecificationFaults.of(read));
    return read;
  }

  /** {@code -} is standard input. */
  static byte[] bytes(Path file) throws UnusableInputException {
    try {
      return file.toString().equals("-") ? System.in.readAllBytes() : Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UnusableInputException("cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static void refuse(List<String> faults) throws UnusableInputException {
    if (!faults.isEmpty()) {
      throw new UnusableInputException(String.join("; ", faults));
    }
  }

  static <T> T read(byte[] json, Class<T> type) throws UnusableInputException {
    try (JsonParser parser = MAPPER.createParser(json)) {
      if (parser.nextToken() == null) {
        throw new UnusableInputException("it is empty: write a JSON object");
      }
      T read = MAPPER.readValue(parser, type);
      if (read == null) {
        throw new UnusableInputException("it is null: write a JSON object");
      }
      if (parser.nextToken() != null) {
        throw new UnusableInputException(
            "line %d: more follows the JSON object: write one".formatted(line(parser)));
      }
      return read;
    } catch (UnrecognizedPropertyException e) {
      throw new UnusableInputException(
          "%s: unknown, allowed are %s"
              .formatted(path(e), e.getKnownPropertyIds().stream().sorted().toList()),
          e);
    } catch (InvalidFormatException e) {
      throw new UnusableInputException(
          "%s: '%s', %s".formatted(path(e), e.getValue(), allowed(e.getTargetType())), e);
    } catch (MismatchedInputException e) {
      throw new UnusableInputException(
          "%s: missing or of another kind, %s".formatted(path(e), allowed(e.getTargetType())), e);
    } catch (JsonMappingException e) {
      boolean readable = !(e.getCause() instanceof JsonParseException);
      throw readable
          ? new UnusableInputException("%s: %s".formatted(path(e), e.getOriginalMessage()), e)
          : notJson((JsonParseException) e.getCause());
    } catch (JsonProcessingException e) {
      throw notJson(e);
    } catch (IOException e) {
      throw new UnusableInputException("not JSON: " + e.getMessage(), e);
    }
  }

  private static int line(JsonParser parser) {
    return parser.currentTokenLocation().getLineNr();
  }

  private static UnusableInputException notJson(JsonProcessingException e) {
    return new UnusableInputException(
        "not JSON at line %d, column %d: %s"
            .formatted(
                e.getLocation().getLineNr(),
                e.getLocation().getColumnNr(),
                e.getOriginalMessage().replaceFirst(": enable `.*", "")), // a hint to programmers
        e);
  }

  private static String allowed(Class<?> type) {
    if (type.isEnum()) {
      return "allowed are "
          + Arrays.stream(type.getEnumConstants())
              .map(constant -> MAPPER.convertValue(constant, String.class))
              .toList();
    }
    return "allowed is " + kind(type);
  }

  private static String kind(Class<?> type) {
    if (type == String.class) {
      return "a text";
    }
    if (type == Boolean.class) {
      return "true or false";
    }
    if (type == Double.class) {
      return "a number";
    }
    if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "a whole number";
    }
    return Collection.class.isAssignableFrom(type) ? "a list" : "an object";
  }

  private static String path(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      path.append('/')
          .append(Objects.requireNonNullElseGet(step.getFieldName(), () -> "" + step.getIndex()));
    }
    return path.isEmpty() ? "/" : path.toString();
  }
}
