package dev.flinkvideo.ingest.gateway;

import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.ingest.transport.LiveSink;
import dev.flinkvideo.ingest.transport.LiveTransport;
import dev.flinkvideo.ingest.transport.LiveUnit;
import dev.flinkvideo.ingest.transport.TransportStatistics;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.StreamFormat;
import dev.flinkvideo.protocol.wire.CaptureClock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A stream that does what the test says: each call arrives in the test's thread. */
final class FakeTransport implements LiveTransport {
  private final CompletableFuture<LiveSink> sink = new CompletableFuture<>();
  private final CompletableFuture<Ending> ending = new CompletableFuture<>();
  private final AtomicInteger keyFrameRequests = new AtomicInteger();
  private long pictures;

  @Override
  public Ending read(LiveSink to) {
    sink.complete(to);
    return ending.join();
  }

  @Override
  public void stop() {
    ending.complete(new Ending(EndReason.CLOSED, "stopped"));
  }

  @Override
  public TransportStatistics statistics() {
    return new TransportStatistics(0, pictures, 0, 0, Optional.empty());
  }

  @Override
  public boolean requestKeyFrame() {
    keyFrameRequests.incrementAndGet();
    return true;
  }

  FakeTransport open() {
    sink.join().opened();
    sink.join().format(new StreamFormat("h264", new byte[0], 1, 1000));
    return this;
  }

  /** A picture of 40 ms. */
  FakeTransport picture(boolean key) {
    EncodedUnit unit =
        new EncodedUnit(new byte[] {1, 2, 3}, pictures * 40, pictures * 40, key, 10 + pictures);
    pictures++;
    sink.join().add(new LiveUnit(unit, 40, 1, 1000, CaptureClock.CAPTURE_CLOCK_ARRIVAL));
    return this;
  }

  void end(EndReason reason) {
    ending.complete(new Ending(reason, "told by the test"));
  }

  boolean isRead() {
    return sink.isDone();
  }

  boolean isStopped() {
    return ending.isDone();
  }

  int keyFrameRequests() {
    return keyFrameRequests.get();
  }
}
