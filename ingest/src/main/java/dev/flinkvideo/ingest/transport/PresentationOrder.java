package dev.flinkvideo.ingest.transport;

import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_get_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_init;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_send_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;

import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.StreamFormat;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVBSFContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/**
 * Finds presentation times from decoding times and the picture order counts in the bitstream, by
 * FFmpeg's bitstream filter {@code dts2pts}. A unit that the filter cannot read (damage) goes on
 * without a presentation time; none is lost and none overtakes another. One thread, its owner's.
 */
final class PresentationOrder implements AutoCloseable {
  /** Takes units in the order in which they were added. */
  @FunctionalInterface
  interface Output {
    void accept(EncodedUnit unit, long durationTicks);
  }

  private record Waiting(EncodedUnit unit, long durationTicks) {}

  private final long delayTicks;
  private final AVBSFContext filter = new AVBSFContext(null);
  private final AVPacket packet = av_packet_alloc();
  private final Deque<Waiting> waiting = new ArrayDeque<>();

  /** Added to what the filter finds: for HEVC it minds the delay, for H.264 it does not. */
  private long shiftTicks = EncodedUnit.NO_TIME;

  private long latestPts = Long.MIN_VALUE;

  static boolean knows(String codec) {
    return codec.equals("h264") || codec.equals("hevc");
  }

  /**
   * @param delayTicks how long a picture waits between decoding and showing at least, without which
   *     some would be shown before they are decoded
   */
  PresentationOrder(int codecId, StreamFormat format, long delayTicks) {
    this.delayTicks = delayTicks;
    int error = av_bsf_alloc(av_bsf_get_by_name("dts2pts"), filter);
    if (error >= 0) {
      NativeBytes.describe(filter.par_in(), codecId, format);
      filter.time_base_in().num(format.timeBaseNumerator()).den(format.timeBaseDenominator());
      error = av_bsf_init(filter);
    }
    if (error < 0) {
      close();
      throw new IllegalStateException("dts2pts: " + Natives.describe(error));
    }
  }

  void add(EncodedUnit unit, long durationTicks, Output out) {
    waiting.add(new Waiting(unit, durationTicks));
    NativeBytes.fill(packet, unit, durationTicks);
    if (av_bsf_send_packet(filter, packet) < 0) {
      av_packet_unref(packet);
    }
    receive(out);
  }

  /** Gives what is left: no more will be added. */
  void finish(Output out) {
    av_bsf_send_packet(filter, null);
    List<Waiting> rest = new ArrayList<>();
    Output collect = (unit, durationTicks) -> rest.add(new Waiting(unit, durationTicks));
    receive(collect);
    giveBefore(Long.MAX_VALUE, collect);
    complete(rest, out);
  }

  /**
   * The filter runs out of times for the pictures shown last. Of those, the one decoded first is
   * what the others are predicted from, and so shown after them.
   */
  private void complete(List<Waiting> rest, Output out) {
    long end = latestPts;
    for (Waiting late : rest) {
      end += late.unit.pts() == EncodedUnit.NO_TIME ? late.durationTicks : 0;
    }
    for (Waiting late : rest) {
      if (late.unit.pts() == EncodedUnit.NO_TIME && latestPts != Long.MIN_VALUE) {
        out.accept(at(late.unit, end), late.durationTicks);
        end -= late.durationTicks;
        continue;
      }
      out.accept(late.unit, late.durationTicks);
    }
  }

  @Override
  public void close() {
    av_packet_free(packet);
    av_bsf_free(filter);
  }

  private void receive(Output out) {
    while (av_bsf_receive_packet(filter, packet) >= 0) {
      long dts = packet.dts();
      long pts = packet.pts();
      av_packet_unref(packet);
      giveBefore(dts, out);
      Waiting next = waiting.peek();
      if (next != null && next.unit.dts() == dts) {
        waiting.poll();
        out.accept(at(next.unit, shifted(pts, dts)), next.durationTicks);
      }
    }
  }

  private long shifted(long pts, long dts) {
    if (pts == EncodedUnit.NO_TIME) {
      return pts;
    }
    if (shiftTicks == EncodedUnit.NO_TIME) {
      shiftTicks = Math.max(0, dts + delayTicks - pts);
    }
    latestPts = Math.max(latestPts, pts + shiftTicks);
    return pts + shiftTicks;
  }

  private static EncodedUnit at(EncodedUnit unit, long pts) {
    return new EncodedUnit(unit.data(), pts, unit.dts(), unit.key(), unit.contentHash());
  }

  /** What the filter swallowed comes out as it went in. */
  private void giveBefore(long dts, Output out) {
    while (!waiting.isEmpty() && waiting.peek().unit.dts() < dts) {
      Waiting lost = waiting.poll();
      out.accept(lost.unit, lost.durationTicks);
    }
  }
}
