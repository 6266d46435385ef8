package dev.flinkvideo.ingest.gateway;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.util.Arrays;
import java.util.List;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Why a configuration cannot be read: what and where, and none of its text, which holds secrets.
 * The parsers' own messages quote the line, or the value. Stateless.
 */
final class ConfigurationProblem {
  private static final String SYNTAX =
      "line %d, column %d: no valid YAML, look at the indentation (no tabs) and put texts with"
          + " special characters between quotes";

  private ConfigurationProblem() {}

  static String describe(JsonProcessingException problem) {
    if (problem instanceof UnrecognizedPropertyException unknown) {
      return "unknown key '%s', known there are %s"
          .formatted(unknown.getPropertyName(), unknown.getKnownPropertyIds());
    }
    if (problem instanceof JsonMappingException mismatch) {
      return path(mismatch) + ": " + wanted(mismatch);
    }
    if (problem.getCause() instanceof MarkedYAMLException marked) {
      Mark mark = marked.getProblemMark();
      return SYNTAX.formatted(mark.getLine() + 1, mark.getColumn() + 1);
    }
    JsonLocation location = problem.getLocation();
    return SYNTAX.formatted(location.getLineNr(), location.getColumnNr());
  }

  private static String path(JsonMappingException mismatch) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : mismatch.getPath()) {
      boolean inList = step.getFieldName() == null;
      path.append(path.isEmpty() || inList ? "" : ".");
      path.append(inList ? "[" + step.getIndex() + "]" : step.getFieldName());
    }
    return path.toString();
  }

  private static String wanted(JsonMappingException mismatch) {
    Class<?> type = mismatch instanceof MismatchedInputException is ? is.getTargetType() : null;
    if (type == null) {
      return "this value cannot be used here";
    }
    if (type.isEnum()) {
      return "give one of " + Arrays.toString(type.getEnumConstants());
    }
    if (type == boolean.class) {
      return "give true or false";
    }
    if (type.isPrimitive()) {
      return "give a whole number";
    }
    if (type == String.class) {
      return "give a text";
    }
    return List.class.isAssignableFrom(type) ? "give a list" : "give keys and values";
  }
}
