package dev.flinkvideo.operators.analyze;

import static org.apache.flink.configuration.ConfigOptions.key;

import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;

/** What is looked for in pictures, and from when on it is an alarm. */
public final class AnalyzeOptions {
  public static final ConfigOption<List<String>> ANALYZERS =
      key("analyze.analyzers")
          .stringType()
          .asList()
          .defaultValues("black", "frozen", "blurred", "blocky", "scene-change")
          .withDescription(
              "The analyzers that look at every picture; those of your own are found by the name their factory gives.");

  public static final ConfigOption<Double> BLACK_THRESHOLD =
      key("analyze.black.threshold")
          .doubleType()
          .defaultValue(0.98)
          .withDescription(
              "Share of black samples from which on a picture is black, as blackdetect's picture_black_ratio_th.");

  public static final ConfigOption<Double> BLACK_CLEAR_THRESHOLD =
      key("analyze.black.clear-threshold")
          .doubleType()
          .defaultValue(0.98)
          .withDescription("Share of black samples below which a black picture is good again.");

  public static final ConfigOption<Duration> BLACK_DURATION =
      key("analyze.black.duration")
          .durationType()
          .defaultValue(Duration.ofSeconds(2))
          .withDescription("How long a picture must be black before the alarm is raised.");

  public static final ConfigOption<Double> FROZEN_THRESHOLD =
      key("analyze.frozen.threshold")
          .doubleType()
          .defaultValue(0.001)
          .withDescription(
              "Difference to the first still picture, 0 to 1, up to which a picture is still, as freezedetect's noise.");

  public static final ConfigOption<Duration> FROZEN_DURATION =
      key("analyze.frozen.duration")
          .durationType()
          .defaultValue(Duration.ofSeconds(2))
          .withDescription("How long pictures must stay the same before the alarm is raised.");

  public static final ConfigOption<Double> BLURRED_THRESHOLD =
      key("analyze.blurred.threshold")
          .doubleType()
          .defaultValue(0.22)
          .withDescription("Sharpness, 0 to 1, down from which a picture is blurred.");

  public static final ConfigOption<Double> BLURRED_CLEAR_THRESHOLD =
      key("analyze.blurred.clear-threshold")
          .doubleType()
          .defaultValue(0.27)
          .withDescription("Sharpness above which a blurred picture is good again.");

  public static final ConfigOption<Double> BLURRED_MIN_CONTRAST =
      key("analyze.blurred.min-contrast")
          .doubleType()
          .defaultValue(6.0)
          .withDescription(
              "Contrast below which a picture, such as a black or plain one, has nothing in it that could be blurred.");

  public static final ConfigOption<Duration> BLURRED_DURATION =
      key("analyze.blurred.duration")
          .durationType()
          .defaultValue(Duration.ofSeconds(2))
          .withDescription("How long a picture must be blurred before the alarm is raised.");

  public static final ConfigOption<Double> BLOCKY_THRESHOLD =
      key("analyze.blocky.threshold")
          .doubleType()
          .defaultValue(6.0)
          .withDescription("Blockiness, 1 or more, from which on a picture is blocky.");

  public static final ConfigOption<Double> BLOCKY_CLEAR_THRESHOLD =
      key("analyze.blocky.clear-threshold")
          .doubleType()
          .defaultValue(5.0)
          .withDescription("Blockiness below which a blocky picture is good again.");

  public static final ConfigOption<Duration> BLOCKY_DURATION =
      key("analyze.blocky.duration")
          .durationType()
          .defaultValue(Duration.ofSeconds(2))
          .withDescription("How long a picture must be blocky before the alarm is raised.");

  public static final ConfigOption<Double> SCENE_CHANGE_THRESHOLD =
      key("analyze.scene-change.threshold")
          .doubleType()
          .defaultValue(10.0)
          .withDescription(
              "Scene score, 0 to 100, from which on a picture begins another scene, as scdet's threshold.");

  private AnalyzeOptions() {}
}
