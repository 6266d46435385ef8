package dev.flinkvideo.operators.analyze;

import dev.flinkvideo.operators.frame.PixelFormat;
import java.util.ArrayList;
import java.util.List;

/**
 * Where one colour component lies.
 *
 * @param stepBytes from one sample to the next
 * @param offsetBytes of the first sample in its row
 */
record Component(int plane, int stepBytes, int offsetBytes) {

  /** Luma first, then chroma; green, blue and red for planar RGB; luma alone for grey. No alpha. */
  static List<Component> of(PixelFormat format) {
    List<Component> components = new ArrayList<>();
    components.add(plane(format, format.lumaPlane(), 0));
    for (PixelFormat.Chroma chroma : format.chroma()) {
      components.add(plane(format, chroma.plane(), chroma.offsetBytes()));
    }
    if (isRgb(format)) {
      for (int plane = 0; plane < 3; plane++) {
        if (plane != format.lumaPlane()) {
          components.add(plane(format, plane, 0));
        }
      }
    }
    return List.copyOf(components);
  }

  static boolean isRgb(PixelFormat format) {
    return format.chroma().length == 0 && format.planes() >= 3;
  }

  private static Component plane(PixelFormat format, int plane, int offsetBytes) {
    return new Component(plane, format.sampleBytes()[plane], offsetBytes);
  }
}
