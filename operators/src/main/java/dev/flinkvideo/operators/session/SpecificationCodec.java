package dev.flinkvideo.operators.session;

import dev.flinkvideo.protocol.PolicyOverrides;
import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.SourceTransport;
import dev.flinkvideo.protocol.Trigger;
import dev.flinkvideo.protocol.TriggerPolicy;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/** The specified part of a session's state; of the same version as {@link SessionCodec}. */
final class SpecificationCodec {
  private static final Map<SourceTransport, Integer> TRANSPORT_CODES =
      new EnumMap<>(
          Map.of(
              SourceTransport.RTMP, 1,
              SourceTransport.SRT, 2,
              SourceTransport.WEBRTC, 3,
              SourceTransport.FILE, 4));

  private SpecificationCodec() {}

  /** Null means that nobody specified the source. */
  static void write(DataOutputStream out, SourceSpecification source) throws IOException {
    out.writeByte(source == null ? 0 : TRANSPORT_CODES.get(source.transport()));
    if (source == null) {
      return;
    }
    SessionCodec.text(out, source.endpoint());
    SessionCodec.text(out, source.streamKey());
    SessionCodec.text(out, source.credential());
    number(out, source.latencyMs());
    flag(out, source.standby());
  }

  static SourceSpecification readSource(DataInputStream in, String name) throws IOException {
    int code = in.readByte();
    if (code == 0) {
      return null;
    }
    return new SourceSpecification(
        name,
        transport(code),
        SessionCodec.text(in),
        SessionCodec.text(in),
        SessionCodec.text(in),
        number(in),
        flag(in));
  }

  private static SourceTransport transport(int code) {
    for (Map.Entry<SourceTransport, Integer> entry : TRANSPORT_CODES.entrySet()) {
      if (entry.getValue() == code) {
        return entry.getKey();
      }
    }
    throw new IllegalStateException("no transport has code=" + code);
  }

  static void write(DataOutputStream out, PolicyOverrides policy) throws IOException {
    out.writeBoolean(policy != null);
    if (policy == null) {
      return;
    }
    number(out, policy.stallAfterMs());
    number(out, policy.connectWithinMs());
    number(out, policy.firstSegmentWithinMs());
    number(out, policy.reportWithinMs());
    number(out, policy.backoffInitialMs());
    decimal(out, policy.backoffFactor());
    number(out, policy.backoffMaxMs());
    decimal(out, policy.backoffJitter());
    number(out, policy.resetAfterMs());
    number(out, policy.failuresBeforeNext());
    flag(out, policy.makeBeforeBreak());
    number(out, policy.standbys());
    flag(out, policy.returnToPreferred());
    number(out, policy.returnAfterMs());
    number(out, policy.quarantineFlaps());
    number(out, policy.quarantineWindowMs());
    number(out, policy.quarantineMs());
    number(out, policy.keyFrameIntervalMs());
    out.writeByte(policy.triggers() == null ? -1 : policy.triggers().size());
    if (policy.triggers() != null) {
      for (Map.Entry<Trigger, TriggerPolicy> entry : policy.triggers().entrySet()) {
        out.writeUTF(entry.getKey().label());
        flag(out, entry.getValue().enabled());
        number(out, entry.getValue().raiseMs());
        number(out, entry.getValue().clearMs());
        decimal(out, entry.getValue().threshold());
      }
    }
  }

  static PolicyOverrides readPolicy(DataInputStream in) throws IOException {
    if (!in.readBoolean()) {
      return null;
    }
    return new PolicyOverrides(
        number(in),
        number(in),
        number(in),
        number(in),
        number(in),
        decimal(in),
        number(in),
        decimal(in),
        number(in),
        whole(in),
        flag(in),
        whole(in),
        flag(in),
        number(in),
        whole(in),
        number(in),
        number(in),
        number(in),
        triggers(in));
  }

  private static Map<Trigger, TriggerPolicy> triggers(DataInputStream in) throws IOException {
    int count = in.readByte();
    if (count < 0) {
      return null;
    }
    Map<Trigger, TriggerPolicy> triggers = new EnumMap<>(Trigger.class);
    for (int i = 0; i < count; i++) {
      String label = in.readUTF();
      TriggerPolicy policy = new TriggerPolicy(flag(in), number(in), number(in), decimal(in));
      Trigger.labelled(label).ifPresent(trigger -> triggers.put(trigger, policy));
    }
    return triggers;
  }

  private static void number(DataOutputStream out, Number value) throws IOException {
    out.writeBoolean(value != null);
    if (value != null) {
      out.writeLong(value.longValue());
    }
  }

  private static Long number(DataInputStream in) throws IOException {
    return in.readBoolean() ? in.readLong() : null;
  }

  private static Integer whole(DataInputStream in) throws IOException {
    return in.readBoolean() ? (Integer) (int) in.readLong() : null;
  }

  private static void decimal(DataOutputStream out, Double value) throws IOException {
    out.writeBoolean(value != null);
    if (value != null) {
      out.writeDouble(value);
    }
  }

  private static Double decimal(DataInputStream in) throws IOException {
    return in.readBoolean() ? in.readDouble() : null;
  }

  /** 0 absent, 1 false, 2 true. */
  private static void flag(DataOutputStream out, Boolean value) throws IOException {
    out.writeByte(value == null ? 0 : value ? 2 : 1);
  }

  private static Boolean flag(DataInputStream in) throws IOException {
    byte code = in.readByte();
    return code == 0 ? null : code == 2;
  }
}
