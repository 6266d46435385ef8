package dev.flinkvideo.operators.session;

import dev.flinkvideo.operators.session.TrackedSource.Raised;
import dev.flinkvideo.protocol.Pin;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.Trigger;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;

/**
 * A {@link Session} as bytes in keyed state. Versioned by hand: every version has a golden file,
 * older ones are read, newer ones refused. Stateless; any thread.
 */
final class SessionCodec {
  private static final int VERSION = 1;

  private static final Map<Role, Integer> ROLE_CODES =
      new EnumMap<>(Map.of(Role.LIVE, 1, Role.OUTGOING, 2, Role.STANDBY, 3));

  private SessionCodec() {}

  static byte[] write(Session session) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeByte(session.state.code());
      out.writeByte(session.reason.code());
      out.writeByte(session.why.code());
      out.writeBoolean(session.specified);
      out.writeLong(session.sinceMs);
      out.writeLong(session.lastNumber);
      out.writeLong(session.moves);
      out.writeLong(session.commanded);
      out.writeLong(session.incarnation);
      out.writeLong(session.deadlineMs);
      out.writeLong(session.timerMs);
      text(out, session.current);
      text(out, session.watched);
      text(out, session.target);
      text(out, session.pin == null ? null : session.pin.source());
      out.writeLong(session.pin == null ? 0 : session.pin.untilMs());
      SpecificationCodec.write(out, session.overrides);
      triggers(out, session.alarms);
      out.writeByte(session.sources.size());
      for (TrackedSource source : session.sources) {
        source(out, source);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void source(DataOutputStream out, TrackedSource source) throws IOException {
    out.writeUTF(source.name);
    SpecificationCodec.write(out, source.definition);
    out.writeByte(source.role == null ? 0 : ROLE_CODES.get(source.role));
    out.writeByte(source.phase.code());
    out.writeLong(source.connection);
    out.writeLong(source.epoch);
    out.writeLong(source.openedAtMs);
    out.writeUTF(source.gateway);
    out.writeLong(source.phaseMs);
    out.writeLong(source.toLiveMs);
    out.writeLong(source.unitMs);
    out.writeLong(source.reportMs);
    out.writeLong(source.healthyMs);
    out.writeInt(source.failures);
    out.writeLong(source.retryMs);
    out.writeLong(source.quarantinedUntilMs);
    out.writeByte(source.flapsMs.length);
    for (long flapMs : source.flapsMs) {
      out.writeLong(flapMs);
    }
    triggers(out, source.triggers);
  }

  private static void triggers(DataOutputStream out, Map<Trigger, Raised> triggers)
      throws IOException {
    out.writeByte(triggers.size());
    for (Map.Entry<Trigger, Raised> entry : triggers.entrySet()) {
      out.writeUTF(entry.getKey().label());
      out.writeLong(entry.getValue().sinceMs());
      out.writeLong(entry.getValue().clearedMs());
    }
  }

  /**
   * @throws IllegalStateException if a newer version wrote it
   */
  static Session read(String name, byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readByte();
      if (version > VERSION) {
        throw new IllegalStateException(
            "session state version=%d, this job knows up to %d: restore with the newer job"
                .formatted(version, VERSION));
      }
      Session session = new Session(name, 0);
      session.state = SessionState.ofCode(in.readByte());
      session.reason = Reason.ofCode(in.readByte());
      session.why = Reason.ofCode(in.readByte());
      session.specified = in.readBoolean();
      session.sinceMs = in.readLong();
      session.lastNumber = in.readLong();
      session.moves = in.readLong();
      session.commanded = in.readLong();
      session.incarnation = in.readLong();
      session.deadlineMs = in.readLong();
      session.timerMs = in.readLong();
      session.current = text(in);
      session.watched = text(in);
      session.target = text(in);
      String pinned = text(in);
      long pinnedUntilMs = in.readLong();
      session.pin = pinned == null ? null : new Pin(pinned, pinnedUntilMs);
      session.overrides = SpecificationCodec.readPolicy(in);
      triggers(in, session.alarms);
      int sources = in.readByte();
      for (int i = 0; i < sources; i++) {
        session.sources.add(source(in));
      }
      return session;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TrackedSource source(DataInputStream in) throws IOException {
    TrackedSource source = new TrackedSource(in.readUTF());
    source.definition = SpecificationCodec.readSource(in, source.name);
    source.role = role(in.readByte());
    source.phase = Phase.ofCode(in.readByte());
    source.connection = in.readLong();
    source.epoch = in.readLong();
    source.openedAtMs = in.readLong();
    source.gateway = in.readUTF();
    source.phaseMs = in.readLong();
    source.toLiveMs = in.readLong();
    source.unitMs = in.readLong();
    source.reportMs = in.readLong();
    source.healthyMs = in.readLong();
    source.failures = in.readInt();
    source.retryMs = in.readLong();
    source.quarantinedUntilMs = in.readLong();
    source.flapsMs = new long[in.readByte()];
    for (int i = 0; i < source.flapsMs.length; i++) {
      source.flapsMs[i] = in.readLong();
    }
    triggers(in, source.triggers);
    return source;
  }

  private static void triggers(DataInputStream in, Map<Trigger, Raised> triggers)
      throws IOException {
    int count = in.readByte();
    for (int i = 0; i < count; i++) {
      String label = in.readUTF();
      Raised raised = new Raised(in.readLong(), in.readLong());
      Trigger.labelled(label).ifPresent(trigger -> triggers.put(trigger, raised));
    }
  }

  private static Role role(int code) {
    for (Map.Entry<Role, Integer> entry : ROLE_CODES.entrySet()) {
      if (entry.getValue() == code) {
        return entry.getKey();
      }
    }
    return null;
  }

  static void text(DataOutputStream out, String text) throws IOException {
    out.writeBoolean(text != null);
    if (text != null) {
      out.writeUTF(text);
    }
  }

  static String text(DataInputStream in) throws IOException {
    return in.readBoolean() ? in.readUTF() : null;
  }
}
