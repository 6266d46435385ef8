package dev.flinkvideo.operators.metrics;

import java.util.ArrayList;
import java.util.List;

/** Collects some garbage and prints how many stops there were for it, and how long in all. */
final class CollectingProgram {
  static final int COLLECTIONS = 10;

  private CollectingProgram() {}

  public static void main(String[] arguments) throws Exception {
    GcPauses seen = GcPauses.acquire();
    System.gc();
    while (seen.pauses().count() == 0) { // the recording has begun
      Thread.onSpinWait();
    }
    long count = seen.pauses().count();
    for (int i = 0; i < COLLECTIONS; i++) {
      List<byte[]> live = new ArrayList<>();
      for (int j = 0; j < 1_000; j++) {
        live.add(new byte[20_000]);
      }
      System.gc();
      live.clear();
    }
    long last = -1;
    while (seen.pauses().count() < count + COLLECTIONS || last != seen.pauses().count()) {
      last = seen.pauses().count();
      Thread.sleep(1_500); // the flight recorder hands events over once a second
    }
    System.out.println(seen.pauses().count() + " " + seen.pauses().sumUs());
    Runtime.getRuntime().halt(0); // nothing more to collect or to stop for
  }
}
