package dev.flinkvideo.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.flinkvideo.operators.admission.AdmissionOptions;
import dev.flinkvideo.operators.analyze.AnalyzeOptions;
import dev.flinkvideo.operators.analyze.Analyzers;
import dev.flinkvideo.operators.decode.DecodeOptions;
import dev.flinkvideo.operators.decode.FidelityOptions;
import dev.flinkvideo.operators.session.SessionOptions;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/**
 * Reads options from a YAML file and {@code --key value} arguments, arguments first. Unknown keys
 * and values that do not parse are refused, with the nearest known key, before anything starts.
 */
public final class JobConfiguration {
  private static final List<Class<?>> OPTION_CLASSES =
      List.of(
          JobOptions.class,
          AdmissionOptions.class,
          DecodeOptions.class,
          FidelityOptions.class,
          AnalyzeOptions.class,
          SessionOptions.class);

  /** The names that users of {@code run} type most, short. */
  private static final Map<String, String> SHORT =
      Map.of(
          "bootstrap", JobOptions.BOOTSTRAP.key(),
          "delivery", JobOptions.DELIVERY.key(),
          "observe", DecodeOptions.OBSERVE.key(),
          "picture-md5", DecodeOptions.PICTURE_MD5.key(),
          "parallelism", JobOptions.PARALLELISM.key());

  private JobConfiguration() {}

  /** All options, those of analyzers of others included, sorted by key. */
  public static Map<String, ConfigOption<?>> options() {
    Map<String, ConfigOption<?>> options = new TreeMap<>();
    for (Class<?> holder : OPTION_CLASSES) {
      for (Field field : holder.getFields()) {
        if (Modifier.isStatic(field.getModifiers()) && field.getType() == ConfigOption.class) {
          ConfigOption<?> option = read(field);
          options.put(option.key(), option);
        }
      }
    }
    Analyzers.furtherOptions().forEach(option -> options.put(option.key(), option));
    return options;
  }

  /**
   * Reads {@code [--config FILE] [--key value | --flag]...}.
   *
   * @throws IllegalArgumentException with a message for the user
   */
  public static Configuration parse(String... arguments) {
    Map<String, String> given = new TreeMap<>();
    Map<String, String> file = new TreeMap<>();
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      if (!argument.startsWith("--")) {
        throw new IllegalArgumentException(
            "unexpected argument '%s': options are given as --key value".formatted(argument));
      }
      String key = argument.substring(2);
      boolean hasValue = i + 1 < arguments.length && !arguments[i + 1].startsWith("--");
      String value = hasValue ? arguments[++i] : "true";
      if (key.equals("config")) {
        file.putAll(readFile(Path.of(value)));
      } else {
        given.put(SHORT.getOrDefault(key, key), value);
      }
    }
    file.putAll(given);
    return check(file);
  }

  /** All values of a YAML file, nested or with dotted keys, by dotted key. */
  public static Map<String, String> readFile(Path path) {
    if (!Files.isReadable(path)) {
      throw new IllegalArgumentException("cannot read the configuration file " + path);
    }
    Map<String, String> values = new TreeMap<>();
    try {
      JsonNode root = new YAMLMapper().readTree(path.toFile());
      flatten("", root, values);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "%s is not YAML: %s".formatted(path, e.getMessage().lines().findFirst().orElse("")), e);
    }
    return values;
  }

  private static void flatten(String prefix, JsonNode node, Map<String, String> values) {
    if (node == null || node.isNull() || node.isMissingNode()) {
      return;
    }
    if (node.isObject()) {
      node.properties()
          .forEach(
              entry ->
                  flatten(
                      prefix.isEmpty() ? entry.getKey() : prefix + "." + entry.getKey(),
                      entry.getValue(),
                      values));
      return;
    }
    if (node.isArray()) {
      List<String> items = new ArrayList<>();
      node.forEach(item -> items.add(item.asText()));
      values.put(prefix, String.join(";", items));
      return;
    }
    values.put(prefix, node.asText());
  }

  private static Configuration check(Map<String, String> values) {
    Map<String, ConfigOption<?>> known = options();
    Configuration configuration = new Configuration();
    values.forEach(
        (key, value) -> {
          boolean passedOn =
              key.startsWith(JobOptions.KAFKA_PREFIX) || key.startsWith(JobOptions.FLINK_PREFIX);
          if (!known.containsKey(key) && !passedOn) {
            throw new IllegalArgumentException(
                "unknown option '%s': did you mean '%s'?".formatted(key, nearest(key, known)));
          }
          configuration.setString(key, value);
          if (!passedOn) {
            checkValue(configuration, known.get(key), value);
          }
        });
    DecodeOptions.intervalNs(configuration);
    Analyzers.configured(configuration);
    SessionOptions.policy(configuration);
    return configuration;
  }

  private static void checkValue(
      Configuration configuration, ConfigOption<?> option, String value) {
    try {
      configuration.get(option);
    } catch (IllegalArgumentException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalArgumentException(
          "option '%s' has no value '%s': %s".formatted(option.key(), value, cause.getMessage()),
          e);
    }
  }

  private static String nearest(String key, Map<String, ConfigOption<?>> known) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    List<String> names = new ArrayList<>(known.keySet());
    names.addAll(SHORT.keySet());
    return names.stream()
        .min(Comparator.comparingInt(name -> distance.apply(name, key)))
        .orElseThrow();
  }

  private static ConfigOption<?> read(Field field) {
    try {
      return (ConfigOption<?>) field.get(null);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
