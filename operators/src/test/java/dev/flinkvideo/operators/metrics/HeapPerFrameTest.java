package dev.flinkvideo.operators.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapPerFrameTest {
  private static volatile byte[] kept;

  @Test
  void shouldCountWhatTheThreadAllocatesPerFrame() {
    HeapPerFrame heap = new HeapPerFrame();

    frames(heap, 16, 10_000);

    assertThat(heap.bytesPerFrame()).isBetween(10_000L, 12_000L);
  }

  @Test
  void shouldForgetWhatStartingCost() {
    HeapPerFrame heap = new HeapPerFrame();
    kept = new byte[64 << 20];

    frames(heap, HeapPerFrame.WINDOW_FRAMES, 1_000);
    assertThat(heap.bytesPerFrame()).isGreaterThan(64 << 10);

    frames(heap, HeapPerFrame.WINDOW_FRAMES, 1_000);
    assertThat(heap.bytesPerFrame()).isBetween(1_000L, 2_000L);
  }

  private static void frames(HeapPerFrame heap, int count, int bytes) {
    for (int i = 0; i < count; i++) {
      kept = new byte[bytes];
      heap.frame();
    }
  }
}
