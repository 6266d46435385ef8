package dev.flinkvideo.ingest.transport.rtmp;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adobe's Action Message Format 0, in which RTMP commands are written: numbers as Double, strings,
 * booleans, null, objects as Map, arrays as List, dates as Instant. Stateless; any thread.
 */
final class Amf0 {
  private static final int NUMBER = 0;
  private static final int BOOLEAN = 1;
  private static final int STRING = 2;
  private static final int OBJECT = 3;
  private static final int NULL = 5;
  private static final int UNDEFINED = 6;
  private static final int ECMA_ARRAY = 8;
  private static final int OBJECT_END = 9;
  private static final int STRICT_ARRAY = 10;
  private static final int DATE = 11;
  private static final int LONG_STRING = 12;

  /** Commands need two levels; more than this is an attack on our stack. */
  private static final int MAX_DEPTH = 16;

  private Amf0() {}

  /** All values that {@code bytes} holds. */
  static List<Object> read(ByteBuffer bytes) throws MalformedRtmpException {
    try {
      List<Object> values = new ArrayList<>();
      while (bytes.hasRemaining()) {
        values.add(value(bytes, 0));
      }
      return values;
    } catch (BufferUnderflowException e) {
      throw new MalformedRtmpException("a command is cut off");
    }
  }

  /** Values of the kinds above, less arrays and dates, which we never send. */
  static byte[] write(Object... values) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (Object value : values) {
        write(out, value);
      }
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  private static Object value(ByteBuffer bytes, int depth) throws MalformedRtmpException {
    if (depth > MAX_DEPTH) {
      throw new MalformedRtmpException("a command nests deeper than " + MAX_DEPTH);
    }
    int marker = bytes.get();
    return switch (marker) {
      case NUMBER -> bytes.getDouble();
      case BOOLEAN -> bytes.get() != 0;
      case STRING -> string(bytes, bytes.getShort() & 0xffff);
      case LONG_STRING -> string(bytes, bytes.getInt());
      case OBJECT -> object(bytes, depth);
      case ECMA_ARRAY -> {
        bytes.getInt(); // a count that nobody keeps
        yield object(bytes, depth);
      }
      case STRICT_ARRAY -> array(bytes, depth);
      case DATE -> date(bytes);
      case NULL, UNDEFINED -> null;
      default -> throw new MalformedRtmpException("unknown AMF type " + marker);
    };
  }

  private static String string(ByteBuffer bytes, int length) throws MalformedRtmpException {
    if (length < 0 || length > bytes.remaining()) {
      throw new MalformedRtmpException("a string of a command is cut off");
    }
    byte[] text = new byte[length];
    bytes.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private static Map<String, Object> object(ByteBuffer bytes, int depth)
      throws MalformedRtmpException {
    Map<String, Object> members = new LinkedHashMap<>();
    while (true) {
      String name = string(bytes, bytes.getShort() & 0xffff);
      if (name.isEmpty() && isObjectEnd(bytes)) {
        bytes.get();
        return members;
      }
      members.put(name, value(bytes, depth + 1));
    }
  }

  private static boolean isObjectEnd(ByteBuffer bytes) {
    return bytes.hasRemaining() && bytes.get(bytes.position()) == OBJECT_END;
  }

  private static List<Object> array(ByteBuffer bytes, int depth) throws MalformedRtmpException {
    int count = bytes.getInt();
    if (count < 0 || count > bytes.remaining()) { // each takes a byte at least
      throw new MalformedRtmpException("an array of a command is cut off");
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(value(bytes, depth + 1));
    }
    return values;
  }

  private static Instant date(ByteBuffer bytes) {
    double ms = bytes.getDouble();
    bytes.getShort(); // time zone, reserved
    return Instant.ofEpochMilli((long) ms);
  }

  private static void write(DataOutputStream out, Object value) throws IOException {
    if (value == null) {
      out.write(NULL);
      return;
    }
    if (value instanceof Double number) {
      out.write(NUMBER);
      out.writeDouble(number);
      return;
    }
    if (value instanceof String text) {
      out.write(STRING);
      writeText(out, text);
      return;
    }
    if (value instanceof Map<?, ?> members) {
      out.write(OBJECT);
      for (Map.Entry<?, ?> member : members.entrySet()) {
        writeText(out, (String) member.getKey());
        write(out, member.getValue());
      }
      writeText(out, "");
      out.write(OBJECT_END);
      return;
    }
    throw new IllegalArgumentException("no AMF form for " + value.getClass());
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeShort(bytes.length);
    out.write(bytes);
  }
}
