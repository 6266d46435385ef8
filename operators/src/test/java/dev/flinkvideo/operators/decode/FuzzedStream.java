package dev.flinkvideo.operators.decode;

import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.StreamFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Access units as a fuzzer can change them without breaking what they lie in:
 *
 * <pre>
 *   clip | step: flags, size (2 bytes), access unit | step | ...
 * </pre>
 *
 * Any bytes are such a stream.
 *
 * @param clip index in {@link #CLIPS}: whose format the stream has
 */
record FuzzedStream(int clip, List<Step> steps) {
  static final List<String> CLIPS =
      List.of(
          "h264-420-8.mp4",
          "h264-annexb.h264",
          "hevc-420-8.mp4",
          "vp8-420-8.webm",
          "vp9-420-8.webm",
          "av1-420-8.mp4");

  private static final List<StreamFormat> FORMATS =
      CLIPS.stream().map(file -> Clip.read(Clip.CLIPS.resolve(file)).format()).toList();

  /** An access unit may be called a key frame. */
  private static final int KEY = 1;

  /** After it the decoder is closed to make room, and comes back by decoding all again. */
  private static final int SUSPENDED = 2;

  /** After it the session stalls. */
  private static final int IDLE = 4;

  /** It is the first of a connection. */
  private static final int RESTART = 8;

  /** It comes in the format of the next clip. */
  private static final int OTHER_FORMAT = 16;

  /** Coming back decodes all again, so the time that a stream takes is the square of this. */
  private static final int MAX_STEPS = 48;

  /** One access unit, and what happens around it. */
  record Step(int flags, byte[] unit) {
    boolean key() {
      return (flags & KEY) != 0;
    }

    boolean suspended() {
      return (flags & SUSPENDED) != 0;
    }

    boolean idle() {
      return (flags & IDLE) != 0;
    }

    boolean restart() {
      return (flags & RESTART) != 0;
    }

    boolean otherFormat() {
      return (flags & OTHER_FORMAT) != 0;
    }
  }

  static FuzzedStream of(int clip, int units) {
    List<Step> steps = new ArrayList<>();
    for (EncodedUnit unit : Clip.read(Clip.CLIPS.resolve(CLIPS.get(clip))).units()) {
      int flags = (unit.key() ? KEY : 0) | (steps.isEmpty() ? RESTART : 0);
      steps.add(new Step(steps.size() == units / 2 ? flags | SUSPENDED : flags, unit.data()));
      if (steps.size() == units) {
        break;
      }
    }
    return new FuzzedStream(clip, steps);
  }

  static FuzzedStream read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int clip = in.hasRemaining() ? (in.get() & 0xff) % CLIPS.size() : 0;
    List<Step> steps = new ArrayList<>();
    while (in.remaining() > Short.BYTES && steps.size() < MAX_STEPS) {
      int flags = in.get();
      byte[] unit = new byte[Math.min(in.getShort() & 0xffff, in.remaining())];
      in.get(unit);
      steps.add(new Step(flags, unit));
    }
    return new FuzzedStream(clip, steps);
  }

  byte[] write() {
    int bytes = steps.stream().mapToInt(step -> 1 + Short.BYTES + step.unit().length).sum();
    ByteBuffer out = ByteBuffer.allocate(1 + bytes).put((byte) clip);
    for (Step step : steps) {
      out.put((byte) step.flags()).putShort((short) step.unit().length).put(step.unit());
    }
    return out.array();
  }

  StreamFormat format(Step step) {
    return FORMATS.get((clip + (step.otherFormat() ? 1 : 0)) % FORMATS.size());
  }
}
