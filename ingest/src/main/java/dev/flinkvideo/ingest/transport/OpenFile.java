package dev.flinkvideo.ingest.transport;

import static org.bytedeco.ffmpeg.avformat.AVStream.AVSTREAM_EVENT_FLAG_NEW_PACKETS;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_ANSI;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_NONE;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_DEFAULT;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_SUBTITLE;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import dev.flinkvideo.ingest.transport.UnreadableMediaException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;

/**
 * A file opened by libavformat with its video stream found, or the reason why not. Owned by one
 * {@link FileSource}.
 */
final class OpenFile implements AutoCloseable {
  static {
    Natives.load(); // before a field of ours makes JavaCPP read its settings
  }

  /** A default stream wins over a larger picture, as the ffmpeg program chooses. */
  private static final long DEFAULT_STREAM_SCORE = 5_000_000;

  /** A stream without packets so far loses to one with. */
  private static final long LIVELY_STREAM_SCORE = 100_000_000;

  private final Path path;
  private final AVFormatContext context = new AVFormatContext(null);
  private final AVStream video;

  OpenFile(Path path) throws IOException {
    this.path = path;
    checkFile();
    open();
    try {
      video = findVideo();
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  AVFormatContext context() {
    return context;
  }

  AVStream video() {
    return video;
  }

  @Override
  public void close() {
    avformat_close_input(context);
  }

  private void checkFile() throws UnreadableMediaException {
    if (!Files.exists(path)) {
      throw unreadable(Reason.MISSING, "does not exist");
    }
    if (Files.isDirectory(path)) {
      throw unreadable(Reason.NOT_A_FILE, "is a directory, not video");
    }
    if (!Files.isReadable(path)) {
      throw unreadable(Reason.FORBIDDEN, "may not be read by this user");
    }
  }

  private void open() throws IOException {
    // Files only: a playlist must not make us fetch what it names from elsewhere.
    AVDictionary options = new AVDictionary(null);
    av_dict_set(options, "protocol_whitelist", "file", 0);
    int error =
        avformat_open_input(context, "file:" + path.toAbsolutePath(), /* format= */ null, options);
    av_dict_free(options);
    if (error < 0) {
      throw notOpened(error);
    }
  }

  private UnreadableMediaException notOpened(int error) throws IOException {
    if (Files.size(path) == 0) {
      return unreadable(Reason.NOT_A_FILE, "is empty, not video");
    }
    FileKind kind = FileKind.of(path);
    if (kind == FileKind.MP4) {
      return indexMissing();
    }
    if (kind == FileKind.UNKNOWN) {
      return unreadable(
          Reason.NOT_MEDIA,
          "is %s (%s)".formatted(kind.words(), Natives.describe(error).toLowerCase(Locale.ROOT)));
    }
    return unreadable(Reason.NOT_MEDIA, "is %s, not video".formatted(kind.words()));
  }

  private UnreadableMediaException indexMissing() {
    return unreadable(
        Reason.DAMAGED,
        "is an MP4 file that cannot be read: its index (moov) is cut off or broken");
  }

  private AVStream findVideo() throws IOException {
    // Errors show in what was found: a cut-off file may still have told all that is needed.
    avformat_find_stream_info(context, (AVDictionary) null);
    String container = context.iformat().name().getString();
    if (container.endsWith("_pipe") || container.equals("image2")) {
      throw unreadable(
          Reason.NOT_MEDIA,
          "is a still image (%s), not video".formatted(container.replace("_pipe", "")));
    }
    AVStream best = null;
    long bestScore = -1;
    for (int i = 0; i < context.nb_streams(); i++) {
      long score = score(context.streams(i));
      if (score > bestScore) {
        best = context.streams(i);
        bestScore = score;
      }
    }
    if (best == null) {
      throw noVideo();
    }
    checkCodec(best.codecpar());
    return best;
  }

  /** The ffmpeg program's order of preference, so that it and we look at the same stream. */
  private static long score(AVStream stream) {
    AVCodecParameters parameters = stream.codecpar();
    boolean cover = (stream.disposition() & AV_DISPOSITION_ATTACHED_PIC) != 0;
    if (parameters.codec_type() != AVMEDIA_TYPE_VIDEO || cover) {
      return -1;
    }
    long score = (long) parameters.width() * parameters.height();
    if ((stream.event_flags() & AVSTREAM_EVENT_FLAG_NEW_PACKETS) != 0) {
      score += LIVELY_STREAM_SCORE;
    }
    if ((stream.disposition() & AV_DISPOSITION_DEFAULT) != 0) {
      score += DEFAULT_STREAM_SCORE;
    }
    return score;
  }

  private void checkCodec(AVCodecParameters parameters) throws UnreadableMediaException {
    if (parameters.codec_id() == AV_CODEC_ID_ANSI) {
      throw unreadable(Reason.NOT_MEDIA, "is text, not video"); // libavformat shows any .txt
    }
    if (parameters.codec_id() == AV_CODEC_ID_NONE) {
      throw unreadable(Reason.UNSUITABLE, "holds video in a codec that FFmpeg does not know");
    }
  }

  private UnreadableMediaException noVideo() throws IOException {
    FileKind kind = FileKind.of(path);
    String sound = firstCodec(AVMEDIA_TYPE_AUDIO);
    String subtitles = firstCodec(AVMEDIA_TYPE_SUBTITLE);
    if (sound != null && (kind == FileKind.UNKNOWN || kind == FileKind.MP4)) {
      return unreadable(Reason.NO_VIDEO, "holds audio (%s) and no video".formatted(sound));
    }
    if (subtitles != null) {
      return unreadable(Reason.NO_VIDEO, "holds subtitles (%s) and no video".formatted(subtitles));
    }
    if (kind == FileKind.MP4) {
      return indexMissing();
    }
    if (kind == FileKind.UNKNOWN) {
      return unreadable(
          Reason.NO_VIDEO,
          "is %s without any video in it".formatted(context.iformat().long_name().getString()));
    }
    return unreadable(Reason.NOT_MEDIA, "is %s, not video".formatted(kind.words()));
  }

  private String firstCodec(int mediaType) {
    for (int i = 0; i < context.nb_streams(); i++) {
      AVCodecParameters parameters = context.streams(i).codecpar();
      if (parameters.codec_type() == mediaType) {
        return avcodec_get_name(parameters.codec_id()).getString();
      }
    }
    return null;
  }

  private UnreadableMediaException unreadable(Reason reason, String what) {
    Path name = path.getFileName() == null ? path : path.getFileName();
    return new UnreadableMediaException(reason, name + " " + what);
  }
}
