package dev.flinkvideo.operators.frame;

import java.util.Map;
import java.util.TreeMap;

/**
 * The free parts of a block, by offset; neighbours are joined as they come back. First fit: over
 * mixed sizes at a full budget best fit left more crumbs, not fewer (docs/memory.md). Owned by one
 * {@link FramePool}.
 */
final class FreeExtents {
  /** Offset to length. */
  private final TreeMap<Long, Long> free = new TreeMap<>();

  FreeExtents(long sizeBytes) {
    if (sizeBytes > 0) {
      free.put(0L, sizeBytes);
    }
  }

  /** Offset of {@code bytes} that are free no longer, or -1 if no extent is that long. */
  long take(long bytes) {
    for (Map.Entry<Long, Long> extent : free.entrySet()) {
      long offset = extent.getKey();
      long length = extent.getValue();
      if (length >= bytes) {
        free.remove(offset);
        if (length > bytes) {
          free.put(offset + bytes, length - bytes);
        }
        return offset;
      }
    }
    return -1;
  }

  void give(long offset, long bytes) {
    long start = offset;
    long length = bytes;
    Map.Entry<Long, Long> before = free.lowerEntry(offset);
    if (before != null && before.getKey() + before.getValue() == offset) {
      start = before.getKey();
      length += before.getValue();
    }
    Long after = free.remove(offset + bytes);
    if (after != null) {
      length += after;
    }
    free.put(start, length);
  }

  long largestBytes() {
    return free.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }
}
