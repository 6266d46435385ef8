package dev.flinkvideo.operators.analyze;

import java.util.Arrays;

/**
 * The sampled grid of one picture on the 8-bit scale; two grids of pictures of one size and format
 * can be compared.
 */
public final class SampledPicture {
  byte[] luma = new byte[0];
  byte[] chroma = new byte[0];

  /** A copy that outlives the picture. */
  public SampledPicture copy() {
    SampledPicture copy = new SampledPicture();
    copy.luma = Arrays.copyOf(luma, luma.length);
    copy.chroma = Arrays.copyOf(chroma, chroma.length);
    return copy;
  }
}
