package dev.flinkvideo.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the benchmarks' parts still run; what they measure is no test's business. */
class BenchmarkPartsTest {
  private static final int FRAMES = 12;
  private static final ClipMaker.Size SMALL = new ClipMaker.Size(320, 180, 200_000);

  @TempDir private Path clips;

  @Test
  void shouldMeasureEveryVariantOnTheSameFrames() throws Exception {
    EncodedClip clip = EncodedClip.read(clip());

    try (BareDecode bare = new BareDecode("bare", clip);
        PooledDecode pooled = PooledDecode.decodeOnly("pooled", clip);
        PooledDecode judged = PooledDecode.judged("judged", clip);
        JavaCvDecode javaCv = new JavaCvDecode("javacv", clip)) {
      List<List<Cost>> costs =
          new InterleavedRounds(List.of(bare, pooled, judged, javaCv), FRAMES).run(1, 2);

      assertThat(costs).hasSize(4).allSatisfy(rounds -> assertThat(rounds).hasSize(2));
      assertThat(costs.get(2)).allSatisfy(round -> assertThat(round.frames()).isEqualTo(FRAMES));
      assertThat(javaCv.lastWidthPx()).isEqualTo(SMALL.widthPx());
    }
  }

  @Test
  void shouldHoldEachRoundAgainstTheBareOne() {
    List<Cost> bare = List.of(new Cost(10, 10_000_000, 0), new Cost(10, 20_000_000, 0));
    List<Cost> ours = List.of(new Cost(10, 11_000_000, 5_000), new Cost(10, 22_000_000, 5_000));

    DecodeResult result = DecodeResult.of("ours", ours, bare, 1.05, 1024.0);

    assertThat(result.ratio().median()).isEqualTo(1.1);
    assertThat(result.heapBytesPerFrame()).isEqualTo(500);
    assertThat(result.verdict()).isEqualTo("missed");
    StringWriter text = new StringWriter();
    new DecodeTable(new PrintWriter(text)).print("clip", 2, List.of(result));
    assertThat(text.toString()).contains("1.100", "missed");
  }

  @Test
  void shouldHoldTheCostOfPrefixesAgainstItsLimit() {
    Spread cpu = Spread.of(1);

    assertThat(result(cpu, Spread.of(0.9, 1.03, 1.5)).withinLimit()).isTrue();
    assertThat(result(cpu, Spread.of(0.9, 1.04, 1.5)).withinLimit()).isFalse();
  }

  private static RecoveryBenchmark.Result result(Spread cpu, Spread ratio) {
    return new RecoveryBenchmark.Result(cpu, cpu, ratio, 1.03, Map.of());
  }

  @Test
  void shouldTellThreadsByWhatTheyAreFor() throws Exception {
    EncodedClip clip = EncodedClip.read(clip());
    StageCosts before = StageCosts.now();
    try (BareReference bare = new BareReference(clip, /* sessions= */ 2, FRAMES)) {
      BareReference.Measured measured = bare.measure();
      JobRun.Window window = new JobRun.Window(FRAMES, 1, StageCosts.now().since(before), Map.of());
      PipelineResult result =
          PipelineResult.of(
              "clip", "", List.of(window), List.of(measured), 1.25, Map.of(TaskPart.DECODE, 3));

      assertThat(result.stages()).hasSize(Stage.values().length);
      assertThat(result.taskParts()).containsEntry("decode", 1.0);
      StringWriter text = new StringWriter();
      new PipelineTable(new PrintWriter(text)).print(result);
      assertThat(text.toString()).contains("Kafka consumer", "100.0 %");
    }
    assertThat(Stage.ofJava("Source Data Fetcher for Source: segments (1/1)#0"))
        .isEqualTo(Stage.FETCHER);
    assertThat(Stage.ofJava("admission -> decode (1/1)#0")).isEqualTo(Stage.DECODE_TASK);
    assertThat(Stage.ofNative("C2 CompilerThre")).isEqualTo(Stage.COMPILER);
  }

  @Test
  void shouldSayWhatAnOutageOfKafkaBroke() {
    KafkaOutage.Result good =
        new KafkaOutage.Result(20, 6, 6, 59, 60, 13, 857, 857, 1.2, 2000, 6, 6, 0);
    KafkaOutage.Result bad =
        new KafkaOutage.Result(20, 6, 5, 61, 60, 61, 857, 858, 1.2, 2000, 6, 5, 1);

    assertThat(good.failures()).isEmpty();
    assertThat(bad.failures())
        .hasSize(6)
        .contains("1 publishers were lost", "858 segments are missing, 857 were counted")
        .contains("1 streams did not go on", "1 streams went on without a key frame");
  }

  private Path clip() throws Exception {
    Path footage = Path.of(System.getProperty("project.root"), "jobs", "footage");
    return new ClipMaker(footage, clips).clip(SMALL, FRAMES);
  }
}
