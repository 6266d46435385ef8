package dev.flinkvideo.operators.analyze;

import static dev.flinkvideo.operators.analyze.PicturePool.GREY;
import static dev.flinkvideo.operators.analyze.PicturePool.GREY_10;
import static dev.flinkvideo.operators.analyze.PicturePool.NV12;
import static dev.flinkvideo.operators.analyze.PicturePool.RGB;
import static dev.flinkvideo.operators.analyze.PicturePool.RGB_10;
import static dev.flinkvideo.operators.analyze.PicturePool.YUV420;
import static dev.flinkvideo.operators.analyze.PicturePool.YUV420_10;
import static dev.flinkvideo.operators.analyze.PicturePool.YUV422;
import static dev.flinkvideo.operators.analyze.PicturePool.YUV444;
import static dev.flinkvideo.operators.analyze.PicturePool.YUV444_16;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.flinkvideo.operators.analyze.PicturePool.Painter;
import dev.flinkvideo.operators.frame.Frame;
import dev.flinkvideo.operators.frame.PixelFormat;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PictureMeterTest {
  private static final int WIDTH = 320;
  private static final int HEIGHT = 240;

  private final PicturePool pool = new PicturePool();
  private final PictureMeter meter = new PictureMeter();

  @AfterEach
  void noFrameIsOut() {
    pool.close();
  }

  static Stream<PixelFormat> everyFormat() {
    return Stream.of(
        YUV420, YUV422, YUV444, YUV420_10, YUV444_16, NV12, GREY, GREY_10, RGB, RGB_10);
  }

  @ParameterizedTest
  @MethodSource("everyFormat")
  void shouldMeasureLevelsAlikeInEveryFormat(PixelFormat format) {
    boolean colour = format.chroma().length == 2;
    measure(format, (component, x, y) -> component == 0 ? (x < WIDTH / 2 ? 60 : 160) : 128 + 30);
    assertThat(meter.lumaMean()).isEqualTo(110);
    assertThat(meter.contrast()).isEqualTo(50);
    assertThat(meter.blackShare()).isZero();
    assertThat(meter.saturation()).isEqualTo(colour ? 42 : 0); // hypot(30, 30), cut
  }

  @ParameterizedTest
  @MethodSource("everyFormat")
  void shouldSeeEveryComponentChangeInEveryFormat(PixelFormat format) {
    measure(format, plain(100));
    measure(format, plain(100));
    assertThat(meter.difference()).isZero();
    measure(format, plain(164));
    assertThat(meter.difference()).isEqualTo(0.25);
    assertThat(meter.sceneScore()).isEqualTo(25);
  }

  @Test
  void shouldWeighPlanesByTheirSize() {
    measure(YUV420, plain(100));
    measure(YUV420, (component, x, y) -> component == 1 ? 164 : 100);
    assertThat(meter.difference()).isEqualTo(0.25 / 6);
    assertThat(meter.sceneScore()).as("of luma alone").isZero();
  }

  @ParameterizedTest
  @CsvSource({"37, false, 1", "38, false, 0", "25, true, 1", "26, true, 0"})
  void shouldCallBlackWhatBlackdetectCallsBlack(int level, boolean fullRange, double share) {
    try (Frame frame = pool.draw(YUV420, WIDTH, HEIGHT, fullRange, plain(level))) {
      meter.measure(frame);
    }
    assertThat(meter.blackShare()).isEqualTo(share);
  }

  @Test
  void shouldGiveTheShareOfThePictureThatIsBlack() {
    measure(YUV420, (component, x, y) -> y < HEIGHT / 4 ? 16 : 120);
    assertThat(meter.blackShare()).isEqualTo(0.25);
  }

  @Test
  void shouldHaveNothingToCompareTheFirstPictureWith() {
    measure(YUV420, plain(100));
    assertThat(meter.difference()).isEqualTo(1);
    assertThat(meter.sceneScore()).isZero();
  }

  @Test
  void shouldForgetThePreviousPictureAtADiscontinuity() {
    measure(YUV420, plain(100));
    meter.discontinuity();
    measure(YUV420, plain(200));
    assertThat(meter.difference()).isEqualTo(1);
    assertThat(meter.sceneScore()).isZero();
  }

  @Test
  void shouldSurviveChangesOfSizeAndFormatAndCompareNothingAcrossThem() {
    measure(YUV420, plain(100));
    for (PixelFormat format : everyFormat().toList()) {
      for (int width : new int[] {1, 2, 16, 33, 500, 1280}) {
        try (Frame frame = pool.draw(format, width, 1 + width / 2, plain(90))) {
          meter.measure(frame);
        }
        assertThat(meter.difference()).isEqualTo(1);
        assertThat(meter.sceneScore()).isZero();
        assertThat(meter.lumaMean()).isEqualTo(90);
        assertThat(meter.blockiness()).isEqualTo(1);
      }
    }
  }

  @Test
  void shouldScoreASceneOnceAndNotWhileItMovesOn() {
    measure(YUV420, plain(100));
    measure(YUV420, plain(101));
    measure(YUV420, plain(150));
    assertThat(meter.sceneScore()).isCloseTo(100 * 48 / 256.0, within(1e-9));
    measure(YUV420, plain(199));
    assertThat(meter.sceneScore()).as("as much change again").isZero();
  }

  @Test
  void shouldFindSharpEdgesSharpAndSoftOnesSoft() {
    measure(YUV420, bars(1));
    double sharp = meter.sharpness();
    measure(YUV420, bars(4));
    double soft = meter.sharpness();
    measure(YUV420, bars(12));
    double blurred = meter.sharpness();
    assertThat(sharp).isGreaterThan(0.8);
    assertThat(soft).isBetween(0.4, 0.7);
    assertThat(blurred).isLessThan(0.2);
  }

  @Test
  void shouldFindNoSharpnessWhereThereIsNoEdge() {
    measure(YUV420, plain(100));
    assertThat(meter.sharpness()).isZero();
    measure(YUV420, (component, x, y) -> x / 4); // stairs of one level
    assertThat(meter.sharpness()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"0", "3", "7"})
  void shouldFindTheCodingGridWhereverItLies(int offsetPx) {
    measure(YUV420, (component, x, y) -> 100 + ((x + offsetPx) / 8 % 2) * 6);
    assertThat(meter.blockiness()).isGreaterThan(10);
  }

  @Test
  void shouldFindNoGridInTextureAndUprightEdges() {
    measure(YUV420, (component, x, y) -> 100 + (x * 7919 + y * 104729) % 13);
    assertThat(meter.blockiness()).isLessThan(1.5);
    measure(YUV420, (component, x, y) -> x / 72 * 50);
    assertThat(meter.blockiness()).isLessThan(1.5);
  }

  @Test
  void shouldAllocateNothingPerPicture() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    try (Frame frame = pool.draw(YUV420, WIDTH, HEIGHT, bars(3))) {
      meter.measure(frame);
      meter.measure(frame);
      long before = threads.getThreadAllocatedBytes(thread);
      for (int i = 0; i < 100; i++) {
        meter.measure(frame);
      }
      long bytes = threads.getThreadAllocatedBytes(thread) - before;
      assertThat(bytes / 100).isLessThan(64);
    }
  }

  private void measure(PixelFormat format, Painter painter) {
    try (Frame frame = pool.draw(format, WIDTH, HEIGHT, painter)) {
      meter.measure(frame);
    }
  }

  private static Painter plain(int level) {
    return (component, x, y) -> level;
  }

  /** Bars of 40 pixels whose edges rise over so many pixels. */
  private static Painter bars(int risePx) {
    return (component, x, y) -> {
      int at = x % 80;
      int up = Math.min(risePx, Math.max(0, at - 20));
      int down = Math.min(risePx, Math.max(0, at - 60));
      return 60 + 120 * (up - down) / risePx;
    };
  }
}
