package dev.flinkvideo.jobs;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.apache.flink.util.TimeUtils;

/** Writes {@code config/job.yaml} and {@code docs/configuration.md} from the option constants. */
final class ConfigurationPages {
  private ConfigurationPages() {}

  static String yaml() {
    StringBuilder page =
        new StringBuilder(
            """
            # Every option of the job with its default; written from the constants in the code (docs/configuration.md).
            # Use it with --config FILE; --key value on the command line wins. kafka.KEY goes to Kafka's clients,
            # flink.KEY to the mini cluster of run.
            """);
    String group = "";
    for (Map.Entry<String, ConfigOption<?>> entry : JobConfiguration.options().entrySet()) {
      String first = entry.getKey().substring(0, entry.getKey().indexOf('.'));
      if (!first.equals(group)) {
        group = first;
        page.append("\n# ---- ").append(group).append("\n");
      }
      page.append("\n# ").append(description(entry.getValue())).append("\n");
      page.append("# ").append(entry.getKey()).append(": ");
      page.append(entry.getValue().hasDefaultValue() ? value(entry.getValue()) : "").append("\n");
    }
    return page.toString();
  }

  static String markdown() {
    StringJoiner rows = new StringJoiner("\n");
    for (ConfigOption<?> option : JobConfiguration.options().values()) {
      String value = option.hasDefaultValue() ? "`" + value(option) + "`" : "none";
      rows.add("| `%s` | %s | %s |".formatted(option.key(), value, description(option)));
    }
    return """
        # Configuration

        Options of the job, from [config/job.yaml](../config/job.yaml) (`--config FILE`, nested or with dotted keys) and `--key value` on the
        command line of `run` and of the job jar, which wins. Unknown keys are refused, with the nearest known one. `kafka.KEY` goes to Kafka's
        consumers, producers and admin clients as `KEY`; `flink.KEY` goes to the mini cluster of `run`. Short names: `--bootstrap`, `--observe`,
        `--picture-md5`, `--delivery`, `--parallelism`. This page is written from the constants in the code by `mvn verify -Dregenerate=true`.

        | option | default | means |
        |---|---|---|
        %s
        """
        .formatted(rows);
  }

  private static String description(ConfigOption<?> option) {
    return new HtmlFormatter().format(option.description());
  }

  private static String value(ConfigOption<?> option) {
    Object value = option.defaultValue();
    if (value instanceof Duration duration) {
      return TimeUtils.formatWithHighestUnit(duration).replace(" ", "");
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Object::toString).collect(Collectors.joining(";"));
    }
    if (value instanceof Enum<?> constant) {
      return constant.toString().toLowerCase(java.util.Locale.ROOT);
    }
    return value.toString();
  }
}
