package dev.flinkvideo.operators.session;

import dev.flinkvideo.operators.kafka.SegmentRecord;

/**
 * A record of one of the topics that a session hears of, as it was fetched: parsed where its
 * session is known, so that what cannot be read is rejected there.
 *
 * @param record an empty value is a tombstone
 */
public record SessionRecord(Kind kind, SegmentRecord record) {
  /** Which topic it is of; the code is what crosses the shuffle. */
  public enum Kind {
    SPECIFICATION(1),
    REPORT(2),
    EVENT(3);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }

    static Kind ofCode(int code) {
      return switch (code) {
        case 1 -> SPECIFICATION;
        case 2 -> REPORT;
        case 3 -> EVENT;
        default -> throw new IllegalStateException("no kind of record has code=" + code);
      };
    }
  }

  public String session() {
    return record.session();
  }
}
