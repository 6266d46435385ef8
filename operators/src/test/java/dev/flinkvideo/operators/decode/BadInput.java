package dev.flinkvideo.operators.decode;

import com.google.protobuf.ByteString;
import dev.flinkvideo.operators.kafka.SegmentRecord;
import dev.flinkvideo.protocol.DropReason;
import dev.flinkvideo.protocol.RejectReason;
import dev.flinkvideo.protocol.Segments;
import dev.flinkvideo.protocol.wire.AccessUnit;
import dev.flinkvideo.protocol.wire.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * What a broken or hostile producer does to the log of a session, at its segment {@link #AT}, which
 * lies within a group of pictures; and what that is counted as.
 */
enum BadInput {
  SEGMENTS_OUT_OF_ORDER(1, DropReason.DUPLICATE) {
    @Override
    void spoil(List<SegmentRecord> log, List<Segment> segments) {
      log.add(AT, log.remove(AT + 1));
    }
  },
  SEGMENT_REPEATED(1, DropReason.DUPLICATE) {
    @Override
    void spoil(List<SegmentRecord> log, List<Segment> segments) {
      log.add(AT, log.get(AT));
    }
  },
  ALL_SO_FAR_REPEATED(1, DropReason.DUPLICATE) {
    @Override
    void spoil(List<SegmentRecord> log, List<Segment> segments) {
      log.addAll(AT, List.copyOf(log.subList(0, AT)));
    }
  },
  SEGMENT_MISSING(1, DropReason.SEQUENCE_GAP) {
    @Override
    void spoil(List<SegmentRecord> log, List<Segment> segments) {
      log.remove(AT);
    }
  },
  SEQUENCE_FAR_AHEAD(1, RejectReason.INVALID) {
    @Override
    void spoil(List<SegmentRecord> log, List<Segment> segments) {
      replace(log, segments, segment -> segment.setSequence(Long.MAX_VALUE - 1));
    }
  },
  SEQUENCE_FAR_AHEAD_ON_A_KEY_FRAME(1, RejectReason.INVALID) {
    @Override
    void spoil(List<SegmentRecord> log, List<Segment> segments) {
      Segment key = segments.get(0).toBuilder().setSequence(1L << 40).build();
      log.set(AT, record(Segments.write(key)));
    }
  },
  VERSION_NEWER(1, RejectReason.NEWER_VERSION) {
    @Override
    void spoil(List<SegmentRecord> log, List<Segment> segments) {
      replace(log, segments, segment -> segment.setVersion(Segments.VERSION + 1));
    }
  },
  VERSION_ABSURD(1, RejectReason.NEWER_VERSION) {
    @Override
    void spoil(List<SegmentRecord> log, List<Segment> segments) {
      replace(log, segments, segment -> segment.setVersion(-1));
    }
  },
  VERSION_NONE(1, RejectReason.UNREADABLE) {
    @Override
    void spoil(List<SegmentRecord> log, List<Segment> segments) {
      replace(log, segments, Segment.Builder::clearVersion);
    }
  },
  TIME_BASE_NUMERATOR_0(1, RejectReason.INVALID) {
    @Override
    void spoil(List<SegmentRecord> log, List<Segment> segments) {
      replace(log, segments, Segment.Builder::clearTimeBaseNumerator);
    }
  },
  TIME_BASE_DENOMINATOR_0(1, RejectReason.INVALID) {
    @Override
    void spoil(List<SegmentRecord> log, List<Segment> segments) {
      replace(log, segments, Segment.Builder::clearTimeBaseDenominator);
    }
  },
  SIZES_BEYOND_THE_PAYLOAD(1, RejectReason.INVALID) {
    @Override
    void spoil(List<SegmentRecord> log, List<Segment> segments) {
      replace(log, segments, segment -> size(segment, 0, Integer.MAX_VALUE));
    }
  },
  SIZES_NEGATIVE(1, RejectReason.INVALID) {
    @Override
    void spoil(List<SegmentRecord> log, List<Segment> segments) {
      replace(log, segments, segment -> size(segment, 0, -1));
    }
  },
  SIZES_THAT_ADD_UP_BUT_CUT_ELSEWHERE(1, DropReason.CORRUPT) {
    @Override
    void spoil(List<SegmentRecord> log, List<Segment> segments) {
      replace(
          log, segments, segment -> size(size(segment, 0, 1), 1, segment.getPayload().size() - 1));
    }
  },
  ACCESS_UNITS_10_000(1, RejectReason.INVALID) {
    @Override
    void spoil(List<SegmentRecord> log, List<Segment> segments) {
      replace(
          log,
          segments,
          segment -> {
            AccessUnit one = segment.getAccessUnits(0).toBuilder().setSize(1).build();
            segment.clearAccessUnits().setPayload(ByteString.copyFrom(new byte[10_000]));
            for (int i = 0; i < 10_000; i++) {
              segment.addAccessUnits(one);
            }
            return segment;
          });
    }
  },
  ACCESS_UNITS_NONE(1, RejectReason.INVALID) {
    @Override
    void spoil(List<SegmentRecord> log, List<Segment> segments) {
      replace(log, segments, segment -> segment.clearAccessUnits().clearPayload());
    }
  },
  ACCESS_UNITS_EMPTY(1, DropReason.CORRUPT) {
    @Override
    void spoil(List<SegmentRecord> log, List<Segment> segments) {
      replace(log, segments, segment -> payload(segment, ByteString.EMPTY));
    }
  },
  RECORD_EMPTY(1, RejectReason.UNREADABLE) {
    @Override
    void spoil(List<SegmentRecord> log, List<Segment> segments) {
      log.set(AT, record(new byte[0]));
    }
  },
  RECORD_OF_NOISE(1, RejectReason.UNREADABLE) {
    @Override
    void spoil(List<SegmentRecord> log, List<Segment> segments) {
      log.set(AT, record(noise()));
    }
  },
  ACCESS_UNIT_OF_NOISE(1, DropReason.CORRUPT) {
    @Override
    void spoil(List<SegmentRecord> log, List<Segment> segments) {
      replace(log, segments, segment -> payload(segment, ByteString.copyFrom(noise())));
    }
  },
  KEY_FRAME_OF_NOISE(1, DropReason.CORRUPT) {
    @Override
    void spoil(List<SegmentRecord> log, List<Segment> segments) {
      replace(
          log,
          segments,
          segment -> {
            payload(segment, ByteString.copyFrom(noise())).getAccessUnitsBuilder(0).setKey(true);
            return segment;
          });
    }
  },
  CONFIGURATION_OF_NOISE(1, DropReason.WAITING_FOR_KEY_FRAME) {
    @Override
    void spoil(List<SegmentRecord> log, List<Segment> segments) {
      replace(
          log, segments, segment -> segment.setCodecConfiguration(ByteString.copyFrom(noise())));
    }
  },
  CONTAINER_OF_NOISE(1, DropReason.STALE_CONNECTION) {
    @Override
    void spoil(List<SegmentRecord> log, List<Segment> segments) {
      log.set(AT, new SegmentRecord(SESSION, "video/mp2t", 0, 0, 0, 0, noise()));
    }
  };

  static final String SESSION = "s";
  static final int AT = 1;
  private static final int NOISE_BYTES = 899_000;

  final String counter;
  final String reason;
  final long count;

  BadInput(long count, DropReason reason) {
    this("dropped", reason.label(), count);
  }

  BadInput(long count, RejectReason reason) {
    this("rejected", reason.label(), count);
  }

  BadInput(String counter, String reason, long count) {
    this.counter = counter;
    this.reason = reason;
    this.count = count;
  }

  /** Admission cannot tell that something is wrong with it. */
  boolean reachesDecoder() {
    return reason.equals(DropReason.CORRUPT.label()) || this == CONFIGURATION_OF_NOISE;
  }

  /** The log of a session, spoilt. */
  List<SegmentRecord> log(List<Segment> segments) {
    List<SegmentRecord> log = calm(segments);
    spoil(log, segments);
    return log;
  }

  static List<SegmentRecord> calm(List<Segment> segments) {
    List<SegmentRecord> log = new ArrayList<>();
    segments.forEach(segment -> log.add(record(Segments.write(segment))));
    return log;
  }

  abstract void spoil(List<SegmentRecord> log, List<Segment> segments);

  private static void replace(
      List<SegmentRecord> log, List<Segment> segments, UnaryOperator<Segment.Builder> change) {
    log.set(AT, record(Segments.write(change.apply(segments.get(AT).toBuilder()).build())));
  }

  private static SegmentRecord record(byte[] value) {
    return new SegmentRecord(SESSION, Segments.CONTENT_TYPE, 0, 0, 0, 0, value);
  }

  private static Segment.Builder size(Segment.Builder segment, int unit, int sizeBytes) {
    segment.getAccessUnitsBuilder(unit).setSize(sizeBytes);
    return segment;
  }

  /** All bytes are of one access unit. */
  private static Segment.Builder payload(Segment.Builder segment, ByteString bytes) {
    AccessUnit one = segment.getAccessUnits(0).toBuilder().setSize(bytes.size()).build();
    return segment.clearAccessUnits().addAccessUnits(one).setPayload(bytes);
  }

  private static byte[] noise() {
    byte[] noise = new byte[NOISE_BYTES];
    new Random(5).nextBytes(noise);
    return noise;
  }
}
