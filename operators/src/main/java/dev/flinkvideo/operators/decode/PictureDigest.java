package dev.flinkvideo.operators.decode;

import dev.flinkvideo.operators.frame.Frame;
import dev.flinkvideo.operators.frame.PixelFormat;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Digests of the visible planes of a picture, tightly packed, in the native pixel format: the bytes
 * that FFmpeg's rawvideo encoder writes, so that {@code md5} equals a line of {@code ffmpeg -f
 * framemd5}. Owned by one thread.
 */
public final class PictureDigest {
  private final MessageDigest md5 = digest("MD5");
  private byte[] row = new byte[0];

  /** MD5 of one picture, in hexadecimal. */
  public String md5(Frame frame) {
    update(frame, md5);
    return HexFormat.of().formatHex(md5.digest());
  }

  /** Adds one picture to a digest. */
  public void update(Frame frame, MessageDigest digest) {
    PixelFormat format = frame.format();
    for (int plane = 0; plane < format.planes(); plane++) {
      int bytes = format.rowBytes(plane, frame.widthPx());
      if (row.length < bytes) {
        row = new byte[bytes];
      }
      int rows = format.rows(plane, frame.heightPx());
      for (int y = 0; y < rows; y++) {
        frame.readRow(plane, y, row, bytes);
        digest.update(row, 0, bytes);
      }
    }
  }

  /** Bytes of one picture as digested. */
  public static long packedBytes(Frame frame) {
    PixelFormat format = frame.format();
    long bytes = 0;
    for (int plane = 0; plane < format.planes(); plane++) {
      bytes +=
          (long) format.rowBytes(plane, frame.widthPx()) * format.rows(plane, frame.heightPx());
    }
    return bytes;
  }

  public static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }
}
