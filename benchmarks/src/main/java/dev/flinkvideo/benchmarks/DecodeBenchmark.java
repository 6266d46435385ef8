package dev.flinkvideo.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What decoding into pooled frames and judging them costs beside a bare decoder. */
@Command(
    name = "decode",
    mixinStandardHelpOptions = true,
    description = "CPU time and heap per frame: bare libavcodec, ours, ours judged, JavaCV.",
    footer = {"", "Example:", "  benchmarks/run.sh decode --rounds 9 --json decode.json"})
public final class DecodeBenchmark implements Callable<Integer> {
  private static final double MAX_DECODE_RATIO = 1.05;
  private static final double MAX_JUDGED_RATIO = 1.15;
  private static final double MAX_HEAP_BYTES = 1024;

  @Spec private CommandSpec spec;

  @Mixin private Reporting reporting;

  @Option(
      names = "--clip",
      paramLabel = "FILE",
      description = "Measure these instead of the 720p and 1080p clips made from the footage.")
  private List<Path> files = List.of();

  @Option(
      names = "--frames",
      defaultValue = "300",
      description = "Length of the clips that are made (default: ${DEFAULT-VALUE}).")
  private int frames;

  @Option(
      names = "--rounds",
      defaultValue = "9",
      description = "Measured rounds over each clip (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--warm-up",
      defaultValue = "3",
      description = "Rounds before them (default: ${DEFAULT-VALUE}).")
  private int warmUpRounds;

  DecodeBenchmark() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new DecodeBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    out.println(Host.describe());
    Map<String, List<DecodeResult>> results = new LinkedHashMap<>();
    for (Path file : clips()) {
      EncodedClip clip = EncodedClip.read(file);
      List<DecodeResult> measured = measure(clip);
      results.put(clip.describe(), measured);
      new DecodeTable(out).print(clip.describe(), rounds, measured);
    }
    reporting.write(results);
    return 0;
  }

  private List<Path> clips() throws IOException {
    if (!files.isEmpty()) {
      return files;
    }
    ClipMaker maker = ClipMaker.of(reporting.home());
    return List.of(maker.clip(ClipMaker.HD, frames), maker.clip(ClipMaker.FULL_HD, frames));
  }

  private List<DecodeResult> measure(EncodedClip clip) throws Exception {
    try (BareDecode bare = new BareDecode("bare libavcodec", clip);
        BareDecode again = new BareDecode("the same again (A/A)", clip);
        PooledDecode pooled = PooledDecode.decodeOnly("pooled decode", clip);
        PooledDecode judged = PooledDecode.judged("pooled decode, judged", clip);
        JavaCvDecode javaCv = new JavaCvDecode("JavaCV, image copied", clip)) {
      List<Variant> variants = List.of(bare, again, pooled, judged, javaCv);
      List<List<Cost>> costs =
          new InterleavedRounds(variants, clip.units().size()).run(warmUpRounds, rounds);
      List<DecodeResult> results = new ArrayList<>();
      for (int i = 0; i < variants.size(); i++) {
        Variant variant = variants.get(i);
        boolean limited = variant instanceof PooledDecode;
        Double maxRatio = variant == judged ? MAX_JUDGED_RATIO : MAX_DECODE_RATIO;
        results.add(
            DecodeResult.of(
                variant.name(),
                costs.get(i),
                costs.get(0),
                limited ? maxRatio : null,
                limited ? MAX_HEAP_BYTES : null));
      }
      return results;
    }
  }
}
