package dev.flinkvideo.ingest.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_frame;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_alloc;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_config;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_free;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_get_filter;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_parse2;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_get;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avfilter.AVFilterInOut;
import org.bytedeco.ffmpeg.avutil.AVDictionaryEntry;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** FFmpeg's own opinion of a file: what blackdetect and freezedetect find at their defaults. */
final class Detectors {
  private static final List<String> KEYS =
      List.of(
          "lavfi.black_start",
          "lavfi.black_end",
          "lavfi.freezedetect.freeze_start",
          "lavfi.freezedetect.freeze_end");

  private Detectors() {}

  /** Seconds at which each of the filters' findings lies. */
  static Map<String, List<Double>> findings(Path file) {
    Natives.load();
    AVFilterGraph graph = avfilter_graph_alloc();
    AVFilterInOut inputs = new AVFilterInOut(null);
    AVFilterInOut outputs = new AVFilterInOut(null);
    String chain = "movie='%s',blackdetect,freezedetect,buffersink@end".formatted(file);
    check(avfilter_graph_parse2(graph, chain, inputs, outputs));
    check(avfilter_graph_config(graph, null));
    AVFilterContext end = avfilter_graph_get_filter(graph, "buffersink@end");
    Map<String, List<Double>> findings = new LinkedHashMap<>();
    KEYS.forEach(key -> findings.put(key, new ArrayList<>()));
    AVFrame frame = av_frame_alloc();
    while (av_buffersink_get_frame(end, frame) >= 0) {
      findings.forEach((key, seconds) -> note(frame, key, seconds));
      av_frame_unref(frame);
    }
    av_frame_free(frame);
    avfilter_graph_free(graph);
    return findings;
  }

  private static void note(AVFrame frame, String key, List<Double> seconds) {
    AVDictionaryEntry entry = av_dict_get(frame.metadata(), key, null, 0);
    if (entry != null) {
      seconds.add(Double.parseDouble(entry.value().getString()));
    }
  }

  private static void check(int error) {
    assertThat(error).as(() -> Natives.describe(error)).isGreaterThanOrEqualTo(0);
  }
}
