package dev.flinkvideo.benchmarks;

import dev.flinkvideo.ingest.transport.FileSource;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.StreamFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A clip in memory, so that no variant reads a file while it is measured.
 *
 * @param codecId FFmpeg's AVCodecID
 */
record EncodedClip(
    Path file,
    StreamFormat format,
    int codecId,
    int widthPx,
    int heightPx,
    List<EncodedUnit> units) {

  static EncodedClip read(Path file) throws IOException {
    try (FileSource source = new FileSource(file)) {
      List<EncodedUnit> units = new ArrayList<>();
      for (EncodedUnit unit = source.next(); unit != null; unit = source.next()) {
        units.add(unit);
      }
      return new EncodedClip(
          file,
          source.format(),
          source.codecId(),
          source.picture().widthPx(),
          source.picture().heightPx(),
          List.copyOf(units));
    }
  }

  long bytes() {
    return units.stream().mapToLong(unit -> unit.data().length).sum();
  }

  String describe() {
    return "%s: %s %dx%d, %d frames of %.1f kB"
        .formatted(
            file.getFileName(),
            format.codec(),
            widthPx,
            heightPx,
            units.size(),
            bytes() / 1e3 / units.size());
  }
}
