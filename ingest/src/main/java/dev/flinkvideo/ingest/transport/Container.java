package dev.flinkvideo.ingest.transport;

import dev.flinkvideo.protocol.Segments;

/** The containers that a record on {@code video.segments} may be, and how FFmpeg makes them. */
public enum Container {
  /**
   * Tables in each record, counters that say they start anew, and times as they are: {@code ffmpeg
   * -f segment} gives the like.
   */
  MPEG_TS("video/mp2t", "mpegts", "mpegts_copyts=1:mpegts_flags=initial_discontinuity"),
  /**
   * One fragment behind an index of its own. Times are in the fragment, not in an edit list, which
   * would hide pictures that are shown before the first decoded one.
   */
  MP4(
      "video/mp4",
      "mp4",
      "use_editlist=0:movflags=frag_custom+empty_moov+default_base_moof+frag_discont+skip_trailer");

  private final String contentType;
  private final String muxer;
  private final String muxerOptions;

  Container(String contentType, String muxer, String muxerOptions) {
    this.contentType = contentType;
    this.muxer = muxer;
    this.muxerOptions = muxerOptions;
  }

  /** The record's {@code content-type} header; that of other records is {@link Segments}'. */
  public String contentType() {
    return contentType;
  }

  String muxer() {
    return muxer;
  }

  String muxerOptions() {
    return muxerOptions;
  }
}
