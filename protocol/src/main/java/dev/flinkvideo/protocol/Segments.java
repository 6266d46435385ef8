package dev.flinkvideo.protocol;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.flinkvideo.protocol.wire.AccessUnit;
import dev.flinkvideo.protocol.wire.Segment;
import java.io.IOException;

/**
 * Reads and writes {@link Segment}, the Protobuf record on {@code video.segments}, and is the one
 * place that says which segments are well formed. Stateless; any thread.
 */
public final class Segments {
  /** The version this code writes, and the newest it reads. */
  public static final int VERSION = 1;

  /**
   * The content type of a {@link Segment}; a Kafka record without a content type is taken for one.
   */
  public static final String CONTENT_TYPE = "application/vnd.flink-video.segment";

  /**
   * Upper bound of an encoded segment, so that it passes Kafka's default {@code max.message.bytes}
   * of 1 MiB with its key, its headers and the batch around it.
   */
  public static final int MAX_BYTES = 900_000;

  /**
   * More access units than this in one segment is a broken or hostile producer: they span 100 ms.
   */
  public static final int MAX_ACCESS_UNITS = 1_000;

  /** An access unit split over more parts than this would be over 57 MB. */
  public static final int MAX_PARTS = 64;

  /**
   * Longest name of a session, source or codec. Names are repeated in every observation and event,
   * which must fit into a Kafka record too.
   */
  public static final int MAX_NAME_CHARS = 1_000;

  private Segments() {}

  public static byte[] write(Segment segment) {
    return segment.toByteArray();
  }

  /**
   * Reads one segment. The payload of the result is a view of {@code bytes}: do not change them
   * afterwards.
   *
   * @throws RejectedRecordException if this is no segment that can be decoded; says why
   */
  public static Segment read(byte[] bytes) throws RejectedRecordException {
    Segment segment;
    try {
      // Protobuf aliases only what it takes for immutable, which a bare array is not.
      CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
      in.enableAliasing(true);
      segment = Segment.parseFrom(in);
      in.checkLastTagWas(0); // a stray end-group tag would hide all that follows it
    } catch (InvalidProtocolBufferException e) {
      throw new RejectedRecordException(
          RejectReason.UNREADABLE,
          "not a segment: " + e.getMessage() + " bytes=" + bytes.length,
          e);
    } catch (IOException e) {
      throw new IllegalStateException("reading from an array cannot fail", e);
    }
    check(segment);
    return segment;
  }

  private static void check(Segment s) throws RejectedRecordException {
    long version = Integer.toUnsignedLong(s.getVersion());
    if (version > VERSION) {
      throw new RejectedRecordException(
          RejectReason.NEWER_VERSION,
          "segment version=%d, this reader knows up to %d: upgrade the job before its producers"
              .formatted(version, VERSION));
    }
    if (version == 0) {
      throw new RejectedRecordException(
          RejectReason.UNREADABLE,
          "not a segment: it has no version (content-type header missing?)");
    }
    if (s.getSession().isEmpty()) {
      throw invalid("session is empty: it must equal the Kafka key");
    }
    checkName("session", s.getSession());
    checkName("source", s.getSource());
    checkName("codec", s.getCodec());
    if (s.getTimeBaseNumerator() <= 0 || s.getTimeBaseDenominator() <= 0) {
      throw invalid(
          "time base %d/%d is not positive"
              .formatted(
                  Integer.toUnsignedLong(s.getTimeBaseNumerator()),
                  Integer.toUnsignedLong(s.getTimeBaseDenominator())));
    }
    if (s.getEpoch() < 0 || s.getOpenedAtMs() < 0 || s.getSequence() < 0) {
      throw invalid("epoch, opened_at_ms and sequence must stay below 2^63");
    }
    if (s.getAccessUnitsCount() == 0) {
      throw invalid("it holds no access unit");
    }
    if (s.getAccessUnitsCount() > MAX_ACCESS_UNITS) {
      throw invalid(
          "access units=%d, at most %d belong into one segment"
              .formatted(s.getAccessUnitsCount(), MAX_ACCESS_UNITS));
    }
    checkSizes(s);
    checkParts(s);
  }

  private static void checkName(String what, String name) throws RejectedRecordException {
    if (name.length() > MAX_NAME_CHARS) {
      throw invalid(
          "the %s has %d characters, at most %d make a name"
              .formatted(what, name.length(), MAX_NAME_CHARS));
    }
  }

  private static void checkSizes(Segment s) throws RejectedRecordException {
    long total = 0;
    for (AccessUnit unit : s.getAccessUnitsList()) {
      total += Integer.toUnsignedLong(unit.getSize());
    }
    if (total != s.getPayload().size()) {
      throw invalid(
          "its access units claim %d bytes, the payload has %d"
              .formatted(total, s.getPayload().size()));
    }
  }

  private static void checkParts(Segment s) throws RejectedRecordException {
    long parts = Integer.toUnsignedLong(s.getParts());
    long part = Integer.toUnsignedLong(s.getPart());
    if (parts == 0 && part == 0) {
      return;
    }
    if (part >= parts || parts > MAX_PARTS || s.getAccessUnitsCount() != 1) {
      throw invalid(
          "part %d of %d with %d access units: parts carry one access unit, at most %d parts"
              .formatted(part, parts, s.getAccessUnitsCount(), MAX_PARTS));
    }
  }

  private static RejectedRecordException invalid(String what) {
    return new RejectedRecordException(RejectReason.INVALID, "invalid segment: " + what);
  }
}
