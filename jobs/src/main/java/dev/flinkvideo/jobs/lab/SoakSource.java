package dev.flinkvideo.jobs.lab;

import dev.flinkvideo.ingest.transport.PictureFormat;
import dev.flinkvideo.ingest.transport.UnitSource;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.StreamFormat;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A source some of whose units are damaged, and which ends when a number that it shares with others
 * is used up. Owns its source; one thread.
 */
final class SoakSource implements UnitSource {
  private static final double DAMAGED_SHARE = 0.02;
  private static final int MOST_BYTES_DAMAGED = 20;

  private final UnitSource source;
  private final AtomicInteger unitsLeft;
  private final Random random;

  SoakSource(UnitSource source, AtomicInteger unitsLeft, Random random) {
    this.source = source;
    this.unitsLeft = unitsLeft;
    this.random = random;
  }

  @Override
  public StreamFormat format() {
    return source.format();
  }

  @Override
  public PictureFormat picture() {
    return source.picture();
  }

  @Override
  public EncodedUnit next() throws IOException {
    if (unitsLeft.getAndDecrement() <= 0) {
      return null;
    }
    EncodedUnit unit = source.next();
    if (unit != null && random.nextDouble() < DAMAGED_SHARE) {
      damage(unit.data());
    }
    return unit;
  }

  @Override
  public long durationTicks() {
    return source.durationTicks();
  }

  @Override
  public void close() {
    source.close();
  }

  private void damage(byte[] data) {
    int bytes = 1 + random.nextInt(MOST_BYTES_DAMAGED);
    for (int i = 0; i < bytes; i++) {
      data[random.nextInt(data.length)] = (byte) random.nextInt();
    }
  }
}
