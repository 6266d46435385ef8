package dev.flinkvideo.operators.analyze;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/**
 * The analyzers a job is configured to use. Found once, then asked for a judge per session. Any
 * thread.
 */
public final class Analyzers {
  private final ReadableConfig options;
  private final List<AnalyzerFactory> factories;

  private Analyzers(ReadableConfig options, List<AnalyzerFactory> factories) {
    this.options = options;
    this.factories = factories;
  }

  /**
   * Those that {@code analyze.analyzers} lists, in its order, out of what the thread's context
   * class loader knows: in a task that is the job's own jar too.
   *
   * @throws IllegalArgumentException if a name is unknown or given by two factories, or an option's
   *     value makes no sense
   */
  public static Analyzers configured(ReadableConfig options) {
    TreeMap<String, AnalyzerFactory> known = new TreeMap<>();
    for (AnalyzerFactory factory : ServiceLoader.load(AnalyzerFactory.class)) {
      AnalyzerFactory other = known.put(factory.name(), factory);
      if (other != null) {
        throw new IllegalArgumentException(
            "analyzer=%s is given by %s and by %s; rename one of them"
                .formatted(factory.name(), other.getClass(), factory.getClass()));
      }
    }
    List<AnalyzerFactory> chosen = new ArrayList<>();
    for (String name : options.get(AnalyzeOptions.ANALYZERS)) {
      AnalyzerFactory factory = known.get(name);
      if (factory == null) {
        throw new IllegalArgumentException(
            "%s: analyzer=%s is unknown; known are %s"
                .formatted(AnalyzeOptions.ANALYZERS.key(), name, known.keySet()));
      }
      chosen.add(factory);
    }
    Analyzers analyzers = new Analyzers(options, List.copyOf(chosen));
    analyzers.newJudge(); // so that a bad value shows at start and not at the first session
    return analyzers;
  }

  /** The options of all analyzers that are not the library's, by what their factories say. */
  public static Set<ConfigOption<?>> furtherOptions() {
    Set<ConfigOption<?>> options = new HashSet<>();
    ServiceLoader.load(AnalyzerFactory.class).forEach(factory -> options.addAll(factory.options()));
    return options;
  }

  /** A judge for one session. */
  public PictureJudge newJudge() {
    Map<String, Analyzer> analyzers = new LinkedHashMap<>();
    factories.forEach(factory -> analyzers.put(factory.name(), factory.create(options)));
    return new PictureJudge(analyzers);
  }
}
