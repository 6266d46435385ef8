package dev.flinkvideo.operators.analyze;

import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_frame;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersrc_add_frame;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_get_by_name;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_alloc;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_config;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_create_filter;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_free;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_link;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_get;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.avutil.av_get_pix_fmt;

import dev.flinkvideo.operators.frame.Frame;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVDictionaryEntry;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * What FFmpeg's own filters (signalstats, blackdetect, freezedetect, scdet) say with their defaults
 * about the very pictures we judge, in one chain. For 8-bit formats.
 */
final class FfmpegDetectors implements AutoCloseable {
  /** Session times in nanoseconds; no end where the clip ended first. */
  record Interval(long fromNs, long toNs) {
    static final long OPEN = Long.MAX_VALUE;
  }

  private static final double NS_PER_S = 1e9;

  private final List<Interval> black = new ArrayList<>();
  private final List<Interval> frozen = new ArrayList<>();
  private final List<Interval> sceneChanges = new ArrayList<>();

  private final String[] filters;
  private final AVFrame input = av_frame_alloc();
  private final AVFrame output = av_frame_alloc();
  private AVFilterGraph graph;
  private AVFilterContext source;
  private AVFilterContext sink;
  private byte[] row = new byte[0];
  private double sceneScore;
  private double lumaMean;
  private double saturation;

  FfmpegDetectors(String... filters) {
    this.filters = filters;
  }

  void see(Frame frame, long timeNs) {
    if (graph == null) {
      open(frame);
    }
    copy(frame);
    input.pts(timeNs / 1000);
    check(av_buffersrc_add_frame(source, input));
    check(av_buffersink_get_frame(sink, output));
    read(timeNs);
    av_frame_unref(output);
  }

  /** Of two seconds and more. */
  List<Interval> black() {
    return black.stream().filter(FfmpegDetectors::lastsLongEnough).toList();
  }

  List<Interval> frozen() {
    return frozen;
  }

  List<Interval> sceneChanges() {
    return sceneChanges;
  }

  /** Of the last picture. */
  double sceneScore() {
    return sceneScore;
  }

  double lumaMean() {
    return lumaMean;
  }

  double saturation() {
    return saturation;
  }

  @Override
  public void close() {
    av_frame_free(input);
    av_frame_free(output);
    if (graph != null) {
      avfilter_graph_free(graph);
    }
  }

  private void open(Frame frame) {
    graph = avfilter_graph_alloc();
    graph.nb_threads(1);
    source =
        add(
            "buffer",
            "video_size=%dx%d:pix_fmt=%s:time_base=1/1000000"
                .formatted(frame.widthPx(), frame.heightPx(), frame.format().name()));
    AVFilterContext last = source;
    for (String filter : filters) {
      AVFilterContext next = add(filter, "");
      check(avfilter_link(last, 0, next, 0));
      last = next;
    }
    sink = add("buffersink", "");
    check(avfilter_link(last, 0, sink, 0));
    check(avfilter_graph_config(graph, null));
  }

  private AVFilterContext add(String filter, String arguments) {
    AVFilterContext context = new AVFilterContext(null);
    check(
        avfilter_graph_create_filter(
            context, avfilter_get_by_name(filter), filter, arguments, null, graph));
    return context;
  }

  private void copy(Frame frame) {
    input.width(frame.widthPx()).height(frame.heightPx()); // av_buffersrc_add_frame took all of it
    input.format(av_get_pix_fmt(frame.format().name()));
    check(av_frame_get_buffer(input, 0));
    for (int plane = 0; plane < frame.format().planes(); plane++) {
      int bytes = frame.format().rowBytes(plane, frame.widthPx());
      if (row.length < bytes) {
        row = new byte[bytes];
      }
      for (int y = 0; y < frame.format().rows(plane, frame.heightPx()); y++) {
        frame.readRow(plane, y, row, bytes);
        input.data(plane).position((long) y * input.linesize(plane)).put(row, 0, bytes);
      }
    }
  }

  private void read(long timeNs) {
    sceneScore = number("lavfi.scd.score");
    lumaMean = number("lavfi.signalstats.YAVG");
    saturation = number("lavfi.signalstats.SATAVG");
    if (metadata("lavfi.scd.time") != null) {
      sceneChanges.add(new Interval(timeNs, timeNs));
    }
    update(black, "lavfi.black_start", "lavfi.black_end");
    update(frozen, "lavfi.freezedetect.freeze_start", "lavfi.freezedetect.freeze_end");
  }

  private void update(List<Interval> intervals, String startKey, String endKey) {
    String start = metadata(startKey);
    String end = metadata(endKey);
    if (start != null) {
      intervals.add(new Interval(ns(start), Interval.OPEN));
    }
    if (end != null) {
      Interval open = intervals.remove(intervals.size() - 1);
      intervals.add(new Interval(open.fromNs(), ns(end)));
    }
  }

  private static boolean lastsLongEnough(Interval interval) {
    return interval.toNs() - interval.fromNs() >= 2 * NS_PER_S;
  }

  private static long ns(String seconds) {
    return Math.round(Double.parseDouble(seconds) * NS_PER_S);
  }

  /** NaN if its filter is not in the chain. */
  private double number(String key) {
    String value = metadata(key);
    return value == null ? Double.NaN : Double.parseDouble(value);
  }

  private String metadata(String key) {
    AVDictionary metadata = output.metadata();
    AVDictionaryEntry entry =
        metadata == null ? null : av_dict_get(metadata, key, (AVDictionaryEntry) null, 0);
    return entry == null ? null : entry.value().getString();
  }

  private static void check(int result) {
    if (result < 0) {
      throw new IllegalStateException("ffmpeg error " + result);
    }
  }
}
