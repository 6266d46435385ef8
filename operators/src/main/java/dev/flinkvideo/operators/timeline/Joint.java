package dev.flinkvideo.operators.timeline;

/**
 * How the pictures of a new connection were put behind those of the one before.
 *
 * @param by what the offset came from
 * @param gapNs from the last picture of the old connection to the first of the new one
 * @param clockShiftNs how far ahead the old source's clock is of the new one's
 * @param matches access units that both connections carried, 0 unless {@code by} is {@link
 *     By#HASHES}
 * @param uncertaintyNs how far the offset can be off because time stamps are whole ticks; 0 unless
 *     {@code by} is {@link By#HASHES}: clocks and arrival times tell no bound
 */
public record Joint(By by, long gapNs, long clockShiftNs, int matches, long uncertaintyNs) {
  /** Best first. */
  public enum By {
    /** Access units of equal content carried time stamps on both connections. */
    HASHES,
    /** Both sources say when a picture was taken. */
    CAPTURE_CLOCKS,
    /** The new one follows by as much as it arrived later. */
    ARRIVAL
  }
}
