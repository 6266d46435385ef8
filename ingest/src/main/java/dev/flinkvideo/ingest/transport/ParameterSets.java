package dev.flinkvideo.ingest.transport;

import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_get_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_init;

import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.NalUnits;
import dev.flinkvideo.protocol.StreamFormat;
import java.io.ByteArrayOutputStream;
import org.bytedeco.ffmpeg.avcodec.AVBSFContext;

/**
 * The parameter sets of an H.264 or HEVC stream, framed as its access units are, to be put in front
 * of one: a record that begins between key frames could not be read by itself without them. Empty
 * for other codecs. Immutable.
 */
final class ParameterSets {
  private final byte[] bytes;

  ParameterSets(int codecId, StreamFormat format) {
    boolean known = format.codec().equals("h264") || format.codec().equals("hevc");
    bytes = known ? framed(codecId, format) : new byte[0];
  }

  EncodedUnit before(EncodedUnit unit) {
    if (bytes.length == 0) {
      return unit;
    }
    byte[] data = new byte[bytes.length + unit.data().length];
    System.arraycopy(bytes, 0, data, 0, bytes.length);
    System.arraycopy(unit.data(), 0, data, bytes.length, unit.data().length);
    return new EncodedUnit(data, unit.pts(), unit.dts(), unit.key(), unit.contentHash());
  }

  private static byte[] framed(int codecId, StreamFormat format) {
    int lengthBytes = NalUnits.lengthBytes(format.codec(), format.configuration());
    if (lengthBytes == NalUnits.ANNEX_B) {
      return format.configuration();
    }
    byte[] annexB = toAnnexB(codecId, format);
    ByteArrayOutputStream framed = new ByteArrayOutputStream();
    NalUnits.forEach(
        annexB,
        NalUnits.ANNEX_B,
        (offset, length) -> {
          for (int i = lengthBytes - 1; i >= 0; i--) {
            framed.write(length >> 8 * i);
          }
          framed.write(annexB, offset, length);
        });
    return framed.toByteArray();
  }

  private static byte[] toAnnexB(int codecId, StreamFormat format) {
    AVBSFContext filter = new AVBSFContext(null);
    int error = av_bsf_alloc(av_bsf_get_by_name(format.codec() + "_mp4toannexb"), filter);
    if (error >= 0) {
      NativeBytes.describe(filter.par_in(), codecId, format);
      error = av_bsf_init(filter);
    }
    byte[] annexB = new byte[error < 0 ? 0 : filter.par_out().extradata_size()];
    if (annexB.length > 0) {
      filter.par_out().extradata().get(annexB);
    }
    av_bsf_free(filter);
    return annexB;
  }
}
