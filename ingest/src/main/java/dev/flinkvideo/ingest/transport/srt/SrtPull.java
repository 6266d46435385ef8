package dev.flinkvideo.ingest.transport.srt;

import dev.flinkvideo.ingest.transport.ContainerReader;
import dev.flinkvideo.ingest.transport.Deadlines;
import dev.flinkvideo.ingest.transport.LiveTransport;
import dev.flinkvideo.ingest.transport.SrtByFfmpeg;
import dev.flinkvideo.ingest.transport.SrtOptions;
import java.util.Optional;

/** Fetches a stream from an SRT listener, by libsrt if the system has it. */
public final class SrtPull {
  private SrtPull() {}

  public static LiveTransport of(String host, int port, SrtOptions options, Deadlines deadlines) {
    Optional<SrtLibrary> library = SrtLibrary.Loaded.LIBRARY;
    if (library.isEmpty()) {
      return SrtByFfmpeg.call(host, port, options, deadlines);
    }
    SrtCall call = new SrtCall(library.get(), host, port, options);
    return ContainerReader.of(call, "mpegts", deadlines);
  }
}
