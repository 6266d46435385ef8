package dev.flinkvideo.benchmarks;

import dev.flinkvideo.operators.analyze.AlarmListener;
import dev.flinkvideo.operators.analyze.Analyzers;
import dev.flinkvideo.operators.analyze.PictureJudge;
import dev.flinkvideo.operators.decode.DecodedFrame;
import dev.flinkvideo.operators.decode.UnsupportedStreamException;
import dev.flinkvideo.operators.decode.VideoDecoder;
import dev.flinkvideo.operators.decode.VideoDecoder.Outcome;
import dev.flinkvideo.operators.frame.FramePool;
import dev.flinkvideo.operators.frame.MallocFrameMemory;
import dev.flinkvideo.protocol.EncodedUnit;
import java.nio.ByteBuffer;
import org.apache.flink.configuration.Configuration;

/** The job's decoder into pool memory, and, if asked, the job's analyzers on every picture. */
final class PooledDecode implements Variant {
  private static final long POOL_BYTES = 256L << 20; // only what is leased is touched
  private static final long FRAME_NS = 40_000_000;

  private static final AlarmListener NOBODY =
      new AlarmListener() {
        @Override
        public void raised(String alarm, long sinceNs, long timeNs, double value) {}

        @Override
        public void cleared(String alarm, long sinceNs, long timeNs, double value) {}
      };

  private final String name;
  private final EncodedClip clip;
  private final FramePool pool = new FramePool(new MallocFrameMemory(POOL_BYTES));
  private final VideoDecoder decoder;

  /** Null where pictures are only decoded. */
  private final PictureJudge judge;

  private long tag;
  private long timeNs;

  private PooledDecode(String name, EncodedClip clip, PictureJudge judge)
      throws UnsupportedStreamException {
    this.name = name;
    this.clip = clip;
    this.judge = judge;
    this.decoder = new VideoDecoder(clip.format(), pool, name);
  }

  static PooledDecode decodeOnly(String name, EncodedClip clip) throws UnsupportedStreamException {
    return new PooledDecode(name, clip, null);
  }

  /** With the analyzers that a job has by default. */
  static PooledDecode judged(String name, EncodedClip clip) throws UnsupportedStreamException {
    return new PooledDecode(name, clip, Analyzers.configured(new Configuration()).newJudge());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int decode(int from, int to) {
    int pictures = 0;
    for (int i = from; i < to; i++) {
      EncodedUnit unit = clip.units().get(i);
      ByteBuffer data = ByteBuffer.wrap(unit.data());
      Outcome outcome = decoder.send(data, unit.pts(), unit.dts(), unit.key(), ++tag);
      if (outcome != Outcome.ACCEPTED) {
        throw new IllegalStateException("unit " + i + " of " + clip.describe() + ": " + outcome);
      }
      pictures += receive();
    }
    return pictures;
  }

  @Override
  public int drain() {
    decoder.drain();
    return receive();
  }

  @Override
  public void rewind() {
    decoder.flush();
  }

  @Override
  public void close() {
    decoder.close();
    pool.close();
  }

  private int receive() {
    int pictures = 0;
    for (DecodedFrame next; (next = decoder.receive()) != null; pictures++) {
      try (DecodedFrame decoded = next) {
        if (judge != null) {
          timeNs += FRAME_NS;
          judge.judge(decoded.frame(), timeNs, NOBODY);
        }
      }
    }
    return pictures;
  }
}
