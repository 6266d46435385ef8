package dev.flinkvideo.operators.session;

import dev.flinkvideo.operators.session.Alarms.Sighting;
import dev.flinkvideo.operators.state.StateFormat;
import dev.flinkvideo.operators.state.UnreadableStateException;
import dev.flinkvideo.protocol.Pin;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.Trigger;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/**
 * A {@link Session} as bytes in keyed state. Versioned by hand: every version has a golden file,
 * older ones are read, newer ones refused. Stateless; any thread.
 */
final class SessionCodec {
  private static final StateFormat FORMAT = new StateFormat("session state", 1);

  private static final Map<Role, Integer> ROLE_CODES =
      new EnumMap<>(Map.of(Role.LIVE, 1, Role.OUTGOING, 2, Role.STANDBY, 3));

  private SessionCodec() {}

  static byte[] write(Session session) {
    return FORMAT.write(/* expectedBytes= */ 512, out -> write(session, out));
  }

  private static void write(Session session, DataOutputStream out) throws IOException {
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
    alarms(out, session.alarms);
    out.writeByte(session.sources.size());
    for (TrackedSource source : session.sources) {
      source(out, source);
    }
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
    penalty(out, source.penalty);
    alarms(out, source.alarms);
  }

  private static void penalty(DataOutputStream out, Penalty penalty) throws IOException {
    out.writeInt(penalty.failures);
    out.writeLong(penalty.retryMs);
    out.writeLong(penalty.quarantinedUntilMs);
    out.writeByte(penalty.flapsMs.length);
    for (long flapMs : penalty.flapsMs) {
      out.writeLong(flapMs);
    }
  }

  private static void alarms(DataOutputStream out, Alarms alarms) throws IOException {
    out.writeByte(alarms.sightings.size());
    for (Map.Entry<Trigger, Sighting> entry : alarms.sightings.entrySet()) {
      out.writeUTF(entry.getKey().label());
      out.writeLong(entry.getValue().sinceMs());
      out.writeLong(entry.getValue().clearedMs());
    }
  }

  /**
   * @throws UnreadableStateException if a newer version wrote it, or it is damaged
   */
  static Session read(String name, byte[] bytes) {
    return FORMAT.read(bytes, (in, version) -> read(name, in));
  }

  private static Session read(String name, DataInputStream in) throws IOException {
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
    alarms(in, session.alarms);
    int sources = in.readByte();
    for (int i = 0; i < sources; i++) {
      session.sources.add(source(in));
    }
    return session;
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
    penalty(in, source.penalty);
    alarms(in, source.alarms);
    return source;
  }

  private static void penalty(DataInputStream in, Penalty penalty) throws IOException {
    penalty.failures = in.readInt();
    penalty.retryMs = in.readLong();
    penalty.quarantinedUntilMs = in.readLong();
    penalty.flapsMs = new long[in.readUnsignedByte()];
    for (int i = 0; i < penalty.flapsMs.length; i++) {
      penalty.flapsMs[i] = in.readLong();
    }
  }

  private static void alarms(DataInputStream in, Alarms alarms) throws IOException {
    int count = in.readByte();
    for (int i = 0; i < count; i++) {
      String label = in.readUTF();
      Sighting sighting = new Sighting(in.readLong(), in.readLong());
      Trigger.labelled(label).ifPresent(trigger -> alarms.sightings.put(trigger, sighting));
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
