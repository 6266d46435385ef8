package dev.flinkvideo.jobs.inspect;

import dev.flinkvideo.ingest.transport.CompleteTimes;
import dev.flinkvideo.ingest.transport.FileSource;
import dev.flinkvideo.ingest.transport.Rational;
import dev.flinkvideo.ingest.transport.UnitSource;
import dev.flinkvideo.operators.analyze.Analyzers;
import dev.flinkvideo.operators.analyze.PictureJudge;
import dev.flinkvideo.operators.decode.DecodedFrame;
import dev.flinkvideo.operators.decode.PictureDigest;
import dev.flinkvideo.operators.decode.UnsupportedStreamException;
import dev.flinkvideo.operators.decode.VideoDecoder;
import dev.flinkvideo.operators.decode.VideoDecoder.Outcome;
import dev.flinkvideo.operators.frame.FramePool;
import dev.flinkvideo.operators.frame.MallocFrameMemory;
import dev.flinkvideo.operators.metrics.HeapPerFrame;
import dev.flinkvideo.operators.timeline.SessionTime;
import dev.flinkvideo.operators.timeline.TimeBase;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.StreamFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Decodes and judges one file on the calling thread and hands each picture to an {@link
 * InspectOutput}.
 */
public final class Inspection {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final InspectOutput output;
  private final FramePool pool;
  private final PictureJudge judge;
  private final PictureDigest digest = new PictureDigest();
  private final MessageDigest sha1 = PictureDigest.digest("SHA-1");
  private final SessionTime time = new SessionTime(Long.MAX_VALUE / 4);

  /** Tags of units that an edit list cuts away: decoded, but not shown. */
  private final Set<Long> hidden = new LinkedHashSet<>();

  private long frames;
  private long damaged;
  private long decodeCpuNs;
  private long analyzeCpuNs;
  private long heapBytes;
  private long firstFrameHeapBytes;
  private long refusedUnits;

  private Inspection(ReadableConfig options, long poolBytes, InspectOutput output) {
    this.output = output;
    this.judge = Analyzers.configured(options).newJudge();
    this.pool = new FramePool(new MallocFrameMemory(poolBytes));
  }

  /**
   * @param poolBytes budget of decoded pictures; only what is used is taken
   * @throws IOException if the file cannot be read or is no video; one line that says what it is
   * @throws UnsupportedStreamException if there is no decoder for it, or no picture comes out
   */
  public static InspectSummary run(
      Path file, ReadableConfig options, long poolBytes, InspectOutput output)
      throws IOException, UnsupportedStreamException {
    Inspection inspection = new Inspection(options, poolBytes, output);
    inspection.decode(file);
    InspectSummary summary = inspection.finish();
    if (summary.frames() == 0) {
      throw new UnsupportedStreamException(
          "no picture comes out of it, %d access units were refused: it is damaged, or cut off"
              .formatted(summary.refusedUnits()));
    }
    output.end(summary);
    return summary;
  }

  private void decode(Path path) throws IOException, UnsupportedStreamException {
    FileSource file = new FileSource(path);
    EncodedUnit first = file.next();
    if (first != null && first.pts() == EncodedUnit.NO_TIME) {
      file.close(); // an elementary stream: read it again with times from its frame rate
      file = new FileSource(path);
      try (UnitSource timed = new CompleteTimes(file)) {
        first = timed.next();
        begin(path, file, rateOfFrames(timed, file));
        decode(file, timed, first);
      }
      return;
    }
    try (FileSource source = file) {
      begin(path, source, source.frameRate());
      decode(source, source, first);
    }
  }

  /**
   * libavformat 8 guesses the rate of fields, or 25, for an elementary stream; its durations are
   * right.
   */
  private static Rational rateOfFrames(UnitSource units, FileSource file) {
    long ticks = units.durationTicks();
    StreamFormat format = units.format();
    long numerator = format.timeBaseDenominator();
    long denominator = ticks * format.timeBaseNumerator();
    if (ticks <= 0 || denominator > Integer.MAX_VALUE) {
      return file.frameRate();
    }
    int divisor =
        BigInteger.valueOf(numerator).gcd(BigInteger.valueOf(denominator)).intValueExact();
    return new Rational((int) numerator / divisor, (int) denominator / divisor);
  }

  private void begin(Path path, FileSource file, Rational frameRate) {
    output.begin(
        new InspectedStream(
            path.getFileName().toString(),
            file.container(),
            file.format(),
            file.picture(),
            frameRate,
            file.startTimeUs()));
  }

  private void decode(FileSource file, UnitSource units, EncodedUnit first)
      throws IOException, UnsupportedStreamException {
    try (VideoDecoder decoder = new VideoDecoder(units.format(), pool, "inspect")) {
      long tag = 1;
      for (EncodedUnit unit = first; unit != null; unit = units.next()) {
        if (file.hidden()) {
          hidden.add(tag);
        }
        check(send(decoder, unit, tag++), decoder);
        receive(decoder, units);
        check(decoder.lateOutcome(), decoder);
      }
      decoder.drain();
      receive(decoder, units);
      check(decoder.lateOutcome(), decoder);
      refusedUnits = decoder.corruptUnits();
    }
  }

  private static void check(Outcome outcome, VideoDecoder decoder)
      throws UnsupportedStreamException {
    switch (outcome) {
      case ACCEPTED, CORRUPT -> {}
      case UNSUPPORTED ->
          throw new UnsupportedStreamException(
              "its pixel format is none of planar YUV, grey or RGB of 8 to 16 bits");
      case OVER_BUDGET, LARGER_THAN_SHARE, LARGER_THAN_POOL ->
          throw new UnsupportedStreamException(
              "its pictures are over budget, %s: raise --pool-size"
                  .formatted(decoder.exhaustion()));
    }
  }

  private Outcome send(VideoDecoder decoder, EncodedUnit unit, long tag) {
    long cpuNs = THREADS.getCurrentThreadCpuTime();
    long heap = HeapPerFrame.allocatedBytes();
    Outcome outcome =
        decoder.send(ByteBuffer.wrap(unit.data()), unit.pts(), unit.dts(), unit.key(), tag);
    heapBytes += HeapPerFrame.allocatedBytes() - heap;
    decodeCpuNs += THREADS.getCurrentThreadCpuTime() - cpuNs;
    return outcome;
  }

  private void receive(VideoDecoder decoder, UnitSource units) {
    while (true) {
      long cpuNs = THREADS.getCurrentThreadCpuTime();
      long heap = HeapPerFrame.allocatedBytes();
      DecodedFrame next = decoder.receive();
      heapBytes += HeapPerFrame.allocatedBytes() - heap;
      decodeCpuNs += THREADS.getCurrentThreadCpuTime() - cpuNs;
      if (next == null) {
        return;
      }
      try (DecodedFrame decoded = next) {
        if (!hidden.remove(decoded.tag())) {
          judge(decoded, units);
        }
      }
    }
  }

  private void judge(DecodedFrame decoded, UnitSource units) {
    long timeNs = timeNs(decoded, units);
    long cpuNs = THREADS.getCurrentThreadCpuTime();
    long heap = HeapPerFrame.allocatedBytes();
    judge.judge(decoded.frame(), timeNs, output);
    heapBytes += HeapPerFrame.allocatedBytes() - heap;
    analyzeCpuNs += THREADS.getCurrentThreadCpuTime() - cpuNs;
    frames++;
    if (frames == 1) {
      firstFrameHeapBytes = heapBytes;
    }
    damaged += decoded.damaged() ? 1 : 0;
    digest.update(decoded.frame(), sha1);
    output.frame(
        new InspectedFrame(
            decoded,
            decoded.pts(),
            timeNs,
            judge.measures(),
            digest.md5(decoded.frame()),
            PictureDigest.packedBytes(decoded.frame())));
  }

  private long timeNs(DecodedFrame decoded, UnitSource units) {
    if (decoded.pts() == EncodedUnit.NO_TIME) {
      return time.atUnknown(0);
    }
    TimeBase base =
        new TimeBase(units.format().timeBaseNumerator(), units.format().timeBaseDenominator());
    return time.at(decoded.pts(), base, 0);
  }

  private InspectSummary finish() {
    long outstanding = pool.framesOutstanding();
    long peakBytes = pool.peakBytes();
    pool.close();
    double count = Math.max(1, frames);
    return new InspectSummary(
        frames,
        damaged,
        refusedUnits,
        HexFormat.of().formatHex(sha1.digest()),
        toTheMicrosecond(decodeCpuNs / 1e6 / count),
        toTheMicrosecond(analyzeCpuNs / 1e6 / count),
        heapBytesPerFrame(),
        peakBytes,
        outstanding);
  }

  private static double toTheMicrosecond(double ms) {
    return Math.rint(ms * 1e3) / 1e3;
  }

  /** The first frame also pays for opening the decoder and for loading classes. */
  private long heapBytesPerFrame() {
    return frames < 2 ? heapBytes : (heapBytes - firstFrameHeapBytes) / (frames - 1);
  }
}
