package dev.flinkvideo.operators.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flinkvideo.operators.analyze.FfmpegDetectors.Interval;
import dev.flinkvideo.operators.frame.Frame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our alarms held against FFmpeg's detectors, on real footage and on clips made from it. */
class AgainstFfmpegTest {
  private static final String CARS = "car-detection.mp4";
  private static final String PEOPLE = "one-by-one-person-detection.mp4";
  private static final String BOTTLES = "bottle-detection.mp4";

  private static final double NS_PER_S = 1e9;

  @TempDir Path directory;

  private final Alarms alarms = new Alarms();

  @ParameterizedTest
  @ValueSource(strings = {CARS, PEOPLE, BOTTLES})
  void shouldRaiseNoAlarmOnCleanFootageAsFfmpegDoesNot(String clip) throws Exception {
    playBesideFfmpeg(Clip.footage(clip));
    assertThat(alarms.intervals).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {CARS, PEOPLE, BOTTLES})
  void shouldAgreeOnTwoSecondsOfBlackAndOnHardCuts(String clip) throws Exception {
    String fault =
        "drawbox=t=fill:color=black:enable='gte(t,2)*lt(t,4)',negate=enable='between(t,6,7)'";
    playBesideFfmpeg(Clip.footage(clip).withFault(fault, 9, directory.resolve("fault.mp4")));
    assertThat(alarms.of("black")).hasSize(1);
    assertThat(alarms.of("scene-change")).as("in and out of black, and of negative").hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {CARS, PEOPLE, BOTTLES})
  void shouldAgreeOnThreeSecondsOfStillPicture(String clip) throws Exception {
    Clip footage = Clip.footage(clip);
    long threeSeconds = Math.round(3 * footage.framesPerSecond());
    String fault = "loop=loop=%d:size=1:start=%d".formatted(threeSeconds, threeSeconds);
    playBesideFfmpeg(footage.withFault(fault, 9, directory.resolve("fault.mp4")));
    assertThat(alarms.of("frozen")).hasSize(1);
    assertThat(alarms.intervals).containsOnlyKeys("frozen");
  }

  @ParameterizedTest
  @ValueSource(strings = {CARS, PEOPLE, BOTTLES})
  void shouldRaiseBlurredWhenTheLensGoesOutOfFocusAndClearIt(String clip) throws Exception {
    String fault = "gblur=sigma=8:enable='between(t,3,6)'";
    Clip faulty = Clip.footage(clip).withFault(fault, 9, directory.resolve("fault.mp4"));
    playBesideFfmpeg(faulty);
    assertThat(alarms.of("blocky")).isEmpty();
    assertThat(alarms.of("blurred")).hasSize(1);
    assertThat(alarms.of("blurred").get(0).fromNs() / NS_PER_S).isCloseTo(3, within(0.3));
    assertThat(alarms.of("blurred").get(0).toNs() / NS_PER_S).isCloseTo(6, within(0.3));
  }

  @ParameterizedTest
  @ValueSource(strings = {CARS, PEOPLE, BOTTLES})
  void shouldRaiseBlockyWhereTheQuantiserIsCoarse(String clip) throws Exception {
    playBesideFfmpeg(Clip.footage(clip).coarselyQuantised(5, directory.resolve("coarse.mp4")));
    assertThat(alarms.of("blurred")).isEmpty();
    assertThat(alarms.of("blocky")).containsExactly(new Interval(0, Interval.OPEN));
  }

  @Test
  void shouldMeasureLumaAndSaturationAsSignalstatsDoes() throws Exception {
    Clip negated = Clip.footage(PEOPLE).withFault("negate", 9, directory.resolve("negated.mp4"));
    try (FfmpegDetectors ffmpeg = new FfmpegDetectors("signalstats")) {
      PictureMeasures measures = alarms.judge.measures();
      negated.play(
          (frame, timeNs) -> {
            alarms.see(frame, timeNs);
            ffmpeg.see(frame, timeNs);
            assertThat(measures.lumaMean()).isCloseTo(ffmpeg.lumaMean(), within(0.5));
            assertThat(measures.saturation()).isCloseTo(ffmpeg.saturation(), within(0.5));
          });
    }
  }

  /** Whatever the fault, what FFmpeg can see we must see alike. */
  private void playBesideFfmpeg(Clip clip) throws Exception {
    try (FfmpegDetectors ffmpeg = new FfmpegDetectors("blackdetect", "freezedetect", "scdet")) {
      PictureMeasures measures = alarms.judge.measures();
      clip.play(
          (frame, timeNs) -> {
            alarms.see(frame, timeNs);
            ffmpeg.see(frame, timeNs);
            assertThat(measures.sceneScore()).isCloseTo(ffmpeg.sceneScore(), within(0.3));
          });
      assertAgree("black", ffmpeg.black());
      assertAgree("frozen", ffmpeg.frozen());
      assertAgree("scene-change", ffmpeg.sceneChanges());
    }
  }

  private void assertAgree(String alarm, List<Interval> expected) {
    List<Interval> actual = alarms.of(alarm);
    assertThat(actual).as(alarm).hasSameSizeAs(expected);
    Offset<Long> twoFrames = within(2 * alarms.frameNs);
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i).fromNs()).as(alarm).isCloseTo(expected.get(i).fromNs(), twoFrames);
      assertThat(actual.get(i).toNs()).as(alarm).isCloseTo(expected.get(i).toNs(), twoFrames);
    }
  }

  /** The intervals of all alarms. */
  private static final class Alarms implements AlarmListener {
    private final Map<String, List<Interval>> intervals = new TreeMap<>();
    private final PictureJudge judge = Analyzers.configured(new Configuration()).newJudge();
    private long lastNs;
    private long frameNs;

    private List<Interval> of(String alarm) {
      return intervals.getOrDefault(alarm, List.of());
    }

    private void see(Frame frame, long timeNs) {
      frameNs = timeNs - lastNs;
      lastNs = timeNs;
      judge.judge(frame, timeNs, this);
    }

    @Override
    public void raised(String alarm, long sinceNs, long timeNs, double value) {
      List<Interval> of = intervals.computeIfAbsent(alarm, key -> new ArrayList<>());
      of.add(new Interval(sinceNs, Interval.OPEN));
    }

    @Override
    public void cleared(String alarm, long sinceNs, long timeNs, double value) {
      List<Interval> of = intervals.get(alarm);
      of.remove(new Interval(sinceNs, Interval.OPEN));
      of.add(new Interval(sinceNs, timeNs));
    }
  }
}
