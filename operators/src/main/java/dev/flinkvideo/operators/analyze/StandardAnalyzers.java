package dev.flinkvideo.operators.analyze;

import static dev.flinkvideo.operators.analyze.AnalyzeOptions.BLACK_CLEAR_THRESHOLD;
import static dev.flinkvideo.operators.analyze.AnalyzeOptions.BLACK_DURATION;
import static dev.flinkvideo.operators.analyze.AnalyzeOptions.BLACK_THRESHOLD;
import static dev.flinkvideo.operators.analyze.AnalyzeOptions.BLOCKY_CLEAR_THRESHOLD;
import static dev.flinkvideo.operators.analyze.AnalyzeOptions.BLOCKY_DURATION;
import static dev.flinkvideo.operators.analyze.AnalyzeOptions.BLOCKY_THRESHOLD;
import static dev.flinkvideo.operators.analyze.AnalyzeOptions.BLURRED_CLEAR_THRESHOLD;
import static dev.flinkvideo.operators.analyze.AnalyzeOptions.BLURRED_DURATION;
import static dev.flinkvideo.operators.analyze.AnalyzeOptions.BLURRED_MIN_CONTRAST;
import static dev.flinkvideo.operators.analyze.AnalyzeOptions.BLURRED_THRESHOLD;
import static dev.flinkvideo.operators.analyze.AnalyzeOptions.FROZEN_DURATION;
import static dev.flinkvideo.operators.analyze.AnalyzeOptions.FROZEN_THRESHOLD;
import static dev.flinkvideo.operators.analyze.AnalyzeOptions.SCENE_CHANGE_THRESHOLD;

import org.apache.flink.configuration.ReadableConfig;

/** The analyzers that come with the library, one factory each; docs/analyze.md describes them. */
public final class StandardAnalyzers {
  private StandardAnalyzers() {}

  /** The picture is black, as blackdetect sees it. */
  public static final class Black implements AnalyzerFactory {
    @Override
    public String name() {
      return "black";
    }

    @Override
    public Analyzer create(ReadableConfig options) {
      return LevelAnalyzer.above(
          name(),
          PictureMeasures::blackShare,
          options.get(BLACK_THRESHOLD),
          options.get(BLACK_CLEAR_THRESHOLD),
          options.get(BLACK_DURATION));
    }
  }

  /** The picture stands still, as freezedetect sees it. */
  public static final class Frozen implements AnalyzerFactory {
    @Override
    public String name() {
      return "frozen";
    }

    @Override
    public Analyzer create(ReadableConfig options) {
      return new FrozenAnalyzer(
          name(), options.get(FROZEN_THRESHOLD), options.get(FROZEN_DURATION));
    }
  }

  /** No edge of the picture is steep, though it is not plain. */
  public static final class Blurred implements AnalyzerFactory {
    @Override
    public String name() {
      return "blurred";
    }

    @Override
    public Analyzer create(ReadableConfig options) {
      double minContrast = options.get(BLURRED_MIN_CONTRAST);
      return LevelAnalyzer.below(
          name(),
          measures -> measures.contrast() < minContrast ? 1 : measures.sharpness(),
          options.get(BLURRED_THRESHOLD),
          options.get(BLURRED_CLEAR_THRESHOLD),
          options.get(BLURRED_DURATION));
    }
  }

  /** The coder's blocks show. */
  public static final class Blocky implements AnalyzerFactory {
    @Override
    public String name() {
      return "blocky";
    }

    @Override
    public Analyzer create(ReadableConfig options) {
      return LevelAnalyzer.above(
          name(),
          PictureMeasures::blockiness,
          options.get(BLOCKY_THRESHOLD),
          options.get(BLOCKY_CLEAR_THRESHOLD),
          options.get(BLOCKY_DURATION));
    }
  }

  /** Another scene begins, as scdet sees it. */
  public static final class SceneChange implements AnalyzerFactory {
    @Override
    public String name() {
      return "scene-change";
    }

    @Override
    public Analyzer create(ReadableConfig options) {
      return new SceneChangeAnalyzer(name(), options.get(SCENE_CHANGE_THRESHOLD));
    }
  }
}
