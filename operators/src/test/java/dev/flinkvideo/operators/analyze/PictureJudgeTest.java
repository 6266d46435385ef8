package dev.flinkvideo.operators.analyze;

import static dev.flinkvideo.operators.analyze.PicturePool.YUV420;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.operators.analyze.PicturePool.Painter;
import dev.flinkvideo.operators.frame.Frame;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PictureJudgeTest {
  private final PicturePool pool = new PicturePool();
  private final RecordedFindings heard = new RecordedFindings();
  private PictureJudge judge = judge("black", "frozen", "blurred", "blocky", "scene-change");

  @AfterEach
  void noFrameIsOut() {
    pool.close();
  }

  @Test
  void shouldRaiseAndClearBlack() {
    judge = judge("black");
    show(0, 1, moving());
    show(1, 3.5, black());
    show(3.5, 4, moving());
    assertThat(heard.heard)
        .containsExactly("black raised at 3.0 since 1.0", "black cleared at 3.5 since 1.0");
  }

  @Test
  void shouldRaiseAndClearFrozenFromTheFirstStillPictureOn() {
    judge = judge("frozen");
    show(0, 1, moving());
    show(1, 3.5, still());
    show(3.5, 4, moving());
    assertThat(heard.heard)
        .containsExactly("frozen raised at 3.0 since 1.0", "frozen cleared at 3.5 since 1.0");
  }

  @Test
  void shouldNotTakeASlowFadeForAFreeze() {
    judge = judge("frozen");
    for (int i = 0; i < 60; i++) {
      int brighterRows = i; // each by a level: 0.4 thousandths of the picture
      show(i / 10.0, (c, x, y) -> c == 0 && y < 2 * brighterRows ? 110 : 100);
    }
    assertThat(heard.heard).isEmpty();
  }

  @Test
  void shouldKeepAFreezeOverAGapAndSeeItsEndBehindOne() {
    judge = judge("frozen");
    show(0, 1, still());
    judge.discontinuity();
    show(1, 3, still());
    assertThat(heard.heard).containsExactly("frozen raised at 2.0 since 0.0");
    judge.discontinuity();
    show(3, moving());
    assertThat(heard.heard).hasSize(2).last().isEqualTo("frozen cleared at 3.0 since 0.0");
  }

  @Test
  void shouldTakeAnotherSizeForAMovingPicture() {
    judge = judge("frozen");
    show(0, 3, still());
    try (Frame frame = pool.draw(YUV420, 640, 480, still())) {
      judge.judge(frame, RecordedFindings.ns(3), heard);
    }
    assertThat(heard.heard)
        .containsExactly("frozen raised at 2.0 since 0.0", "frozen cleared at 3.0 since 0.0");
  }

  @Test
  void shouldRaiseAndClearASceneChangeInOnePicture() {
    judge = judge("scene-change");
    show(0, 1, moving());
    show(1, 2, (c, x, y) -> 220);
    assertThat(heard.heard)
        .containsExactly(
            "scene-change raised at 1.0 since 1.0", "scene-change cleared at 1.0 since 1.0");
  }

  @Test
  void shouldNotCallAnotherSourceAnotherScene() {
    show(0, 1, moving());
    judge.discontinuity();
    show(1, 2, (c, x, y) -> 220);
    assertThat(heard.heard).isEmpty();
  }

  @Test
  void shouldRaiseBlurredButNotForAPlainPicture() {
    judge = judge("blurred");
    show(0, 3, (c, x, y) -> 100);
    assertThat(heard.heard).isEmpty();
    show(3, 6, (c, x, y) -> (int) (120 + 60 * Math.sin(x / 20.0)));
    assertThat(heard.heard).containsExactly("blurred raised at 5.0 since 3.0");
  }

  @Test
  void shouldRaiseBlocky() {
    judge = judge("blocky");
    show(0, 3, (c, x, y) -> 100 + x / 8 % 3 * 4);
    assertThat(heard.heard).containsExactly("blocky raised at 2.0 since 0.0");
  }

  @Test
  void shouldLeaveAnAlarmRaisedWhenPicturesEnd() {
    show(0, 3, black());
    assertThat(judge.raisedSinceNs()).containsEntry("black", 0L).containsEntry("frozen", 0L);
  }

  @Test
  void shouldJudgeAfterARestoreAsIfNothingHadHappened() throws IOException {
    show(0, 3, black());
    ByteArrayOutputStream state = new ByteArrayOutputStream();
    judge.write(new DataOutputStream(state));
    PictureJudge unbroken = judge;
    judge = judge("black", "frozen", "blurred", "blocky", "scene-change");
    judge.read(new DataInputStream(new ByteArrayInputStream(state.toByteArray())));
    assertThat(judge.raisedSinceNs()).isEqualTo(unbroken.raisedSinceNs());
    heard.heard.clear();
    show(3.1, still());
    assertThat(heard.heard)
        .containsExactlyInAnyOrder(
            "black cleared at 3.1 since 0.0",
            "frozen cleared at 3.1 since 0.0",
            "scene-change raised at 3.1 since 3.1",
            "scene-change cleared at 3.1 since 3.1");
    double difference = judge.measures().difference();
    judge = unbroken;
    show(3.1, still());
    assertThat(judge.measures().difference()).isEqualTo(difference);
  }

  @Test
  void shouldPassOnWhatAnAnalyzerMeasuresForOnePicture() {
    Analyzer every2nd =
        (frame, measures, findings) -> {
          if (findings.timeNs() == 0) {
            findings.measure("width", frame.widthPx());
          }
        };
    judge = new PictureJudge(Map.of("every2nd", every2nd));
    show(0, black());
    assertThat(judge.extraMeasures()).isEqualTo(Map.of("width", 320.0));
    show(1, black());
    assertThat(judge.extraMeasures()).isEmpty();
  }

  private static PictureJudge judge(String... analyzers) {
    Configuration options = new Configuration();
    options.set(AnalyzeOptions.ANALYZERS, List.of(analyzers));
    return Analyzers.configured(options).newJudge();
  }

  /** Ten pictures a second. */
  private void show(double fromS, double toS, Painter painter) {
    for (long tenth = Math.round(fromS * 10); tenth < Math.round(toS * 10); tenth++) {
      show(tenth / 10.0, painter);
    }
  }

  private void show(double timeS, Painter painter) {
    try (Frame frame = pool.draw(YUV420, 320, 240, painter)) {
      judge.judge(frame, RecordedFindings.ns(timeS), heard);
    }
  }

  private static Painter black() {
    return (component, x, y) -> component == 0 ? 16 : 128;
  }

  private static Painter still() {
    return (component, x, y) -> 100 + x % 7 * 9;
  }

  private int moved;

  private Painter moving() {
    return (component, x, y) -> {
      if (component == 0 && x == 0 && y == 0) {
        moved++;
      }
      return 100 + (x + moved) % 7 * 9;
    };
  }
}
