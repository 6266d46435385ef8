package dev.flinkvideo.ingest.transport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Says from its first bytes what a file is that turned out not to be video. Any thread. */
enum FileKind {
  TEXT("text"),
  PDF("a PDF document"),
  ZIP("a zip archive"),
  GZIP("a gzip archive"),
  PNG("a still image (png)"),
  JPEG("a still image (jpeg)"),
  PROGRAM("a program"),
  CLASS_FILE("a Java class file"),
  /** ISO base media: libavformat refuses one that lacks its index. */
  MP4("an MP4 file"),
  UNKNOWN("in no format that FFmpeg reads");

  private static final int PROBED_BYTES = 4096;

  /** The longest UTF-8 sequence less one: what may be cut off at the end of the probe. */
  private static final int CUT_BYTES = 3;

  private final String words;

  FileKind(String words) {
    this.words = words;
  }

  /** Completes the sentence "this file is …". */
  String words() {
    return words;
  }

  static FileKind of(Path file) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(PROBED_BYTES);
    }
    if (begins(head, 0, "%PDF-")) {
      return PDF;
    }
    if (begins(head, 0, "PK\u0003\u0004")) {
      return ZIP;
    }
    if (begins(head, 0, "\u001f\u008b")) {
      return GZIP;
    }
    if (begins(head, 0, "\u0089PNG")) {
      return PNG;
    }
    if (begins(head, 0, "\u00ff\u00d8\u00ff")) {
      return JPEG;
    }
    if (begins(head, 0, "\u007fELF") || begins(head, 0, "MZ")) {
      return PROGRAM;
    }
    if (begins(head, 0, "\u00ca\u00fe\u00ba\u00be")) {
      return CLASS_FILE;
    }
    if (begins(head, 4, "ftyp")) {
      return MP4;
    }
    return isText(head) ? TEXT : UNKNOWN;
  }

  private static boolean begins(byte[] head, int at, String magic) {
    byte[] bytes = magic.getBytes(StandardCharsets.ISO_8859_1);
    int end = at + bytes.length;
    return head.length >= end && Arrays.equals(head, at, end, bytes, 0, bytes.length);
  }

  private static boolean isText(byte[] head) {
    for (byte b : head) {
      boolean control = b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t' && b != '\f';
      if (control && b != 0x1b) { // terminal recordings are full of escapes
        return false;
      }
    }
    for (int cut = 0; cut <= Math.min(CUT_BYTES, head.length); cut++) {
      if (isUtf8(head, head.length - cut)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isUtf8(byte[] head, int length) {
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(head, 0, length));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
