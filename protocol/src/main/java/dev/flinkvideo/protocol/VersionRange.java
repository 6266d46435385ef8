package dev.flinkvideo.protocol;

import java.util.OptionalInt;

/** The versions of a record that someone reads, both ends included. */
public record VersionRange(int oldest, int newest) {
  /** The newest that both know; empty if there is none. */
  public OptionalInt highestCommon(VersionRange other) {
    int highest = Math.min(newest, other.newest);
    return highest < Math.max(oldest, other.oldest) ? OptionalInt.empty() : OptionalInt.of(highest);
  }
}
