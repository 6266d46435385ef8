package dev.flinkvideo.operators.decode;

import dev.flinkvideo.operators.timeline.TimeBase;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.StreamFormat;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The access units that bring a fresh decoder to where the session's decoder stands: all since the
 * last key frame that came out whole. Decoding them again gives the same pictures bit for bit, so a
 * decoder that was lost in a failure, or closed to make room, comes back exactly.
 *
 * <pre>
 *   decoding order   K b b P b b P ... K b b P b b P | next
 *                    dropped           prefix        |
 *                                      ^ closed key frame: nothing after it refers to what is before
 *   open group       ... K b b P ...   K b b P        the b after the second K refer to before it,
 *                        ^ prefix                     so one key frame more is kept
 * </pre>
 *
 * <p>Access units are numbered from the session's first one on; checkpoints refer to the numbers.
 * Task thread only.
 */
final class Prefix {
  private final PrefixBudget budget;
  private List<SentUnit> units = new ArrayList<>();
  private long firstNumber;
  private long bytes;

  /** False while what is kept does not begin where decoding can start. */
  private boolean complete = true;

  /** In an open group: where the key frame before the newest is, or -1. */
  private long openKeyNumber = -1;

  Prefix(PrefixBudget budget) {
    this.budget = budget;
  }

  /**
   * Keeps an access unit that the decoder is about to get.
   *
   * @return why what came before cannot be kept with it, or null
   */
  String add(SentUnit unit, StreamFormat format) {
    if (!complete && (unit.picture().key() || !beginsWithKeyFrame())) {
      // Complete again only from a key frame on, if its picture comes out whole.
      dropBefore(openKeyNumber >= 0 ? openKeyNumber : nextNumber());
    }
    units.add(unit);
    charge(unit.bytes());
    String refusal = budget.refusal(bytes, mediaNs(unit, format));
    if (refusal == null || units.size() == 1) {
      return null;
    }
    boolean wasComplete = complete;
    dropBefore(nextNumber() - 1);
    complete = false;
    return wasComplete && !budget.keepsNothing() ? refusal : null;
  }

  /** Whether it can be kept together with what came before. */
  boolean hasRoomFor(SentUnit unit, StreamFormat format) {
    charge(unit.bytes());
    boolean fits = budget.refusal(bytes, isEmpty() ? 0 : mediaNs(unit, format)) == null;
    charge(-unit.bytes());
    return fits;
  }

  /** Takes back what was added last: the decoder did not get it. */
  void removeLast() {
    charge(-units.remove(units.size() - 1).bytes());
  }

  /**
   * A key frame's picture came out whole: decoding can start there, or, if its group is open, at
   * the key frame before it.
   */
  void wholeKeyFrame(SentUnit key, boolean closed) {
    int index = units.indexOf(key);
    if (index < 0) {
      return;
    }
    long number = firstNumber + index;
    if (number <= openKeyNumber) {
      return; // known; it came out again when the prefix was decoded again
    }
    if (closed) {
      dropBefore(number);
      complete = true;
      return;
    }
    if (openKeyNumber >= 0) {
      dropBefore(openKeyNumber);
      complete = true;
    }
    openKeyNumber = number;
  }

  /** The decoder is closed for good: the next one starts with what comes next. */
  void clear() {
    dropBefore(nextNumber());
    complete = true;
  }

  private boolean beginsWithKeyFrame() {
    return !units.isEmpty() && units.get(0).picture().key();
  }

  /** Decoding {@link #units} gives what the decoder knows. */
  boolean isComplete() {
    return complete;
  }

  boolean isEmpty() {
    return units.isEmpty();
  }

  /** The oldest access unit kept, or null. */
  SentUnit first() {
    return units.isEmpty() ? null : units.get(0);
  }

  /** The newest access unit kept, or null. */
  SentUnit last() {
    return units.isEmpty() ? null : units.get(units.size() - 1);
  }

  /**
   * In decoding order. Valid until one is added or removed; decoding them may shorten the prefix,
   * which leaves this list whole.
   */
  List<SentUnit> units() {
    return Collections.unmodifiableList(units);
  }

  /** Whether a picture of it may still have to be judged. */
  boolean hasUnshown() {
    return units.stream().anyMatch(unit -> !unit.isShown());
  }

  List<Long> unshownNumbers() {
    List<Long> numbers = new ArrayList<>();
    for (int i = 0; i < units.size(); i++) {
      if (!units.get(i).isShown()) {
        numbers.add(firstNumber + i);
      }
    }
    return numbers;
  }

  void markAllShown() {
    units.forEach(SentUnit::markShown);
  }

  long firstNumber() {
    return firstNumber;
  }

  long nextNumber() {
    return firstNumber + units.size();
  }

  long bytes() {
    return bytes;
  }

  /** Takes up where another stood; before the first access unit. */
  void restore(long restoredFirst, List<SentUnit> restored, long openKey) {
    firstNumber = restoredFirst;
    openKeyNumber = openKey;
    units.addAll(restored);
    restored.forEach(unit -> charge(unit.bytes()));
  }

  long openKeyNumber() {
    return openKeyNumber;
  }

  private void dropBefore(long number) {
    int count = (int) (number - firstNumber);
    for (int i = 0; i < count; i++) {
      charge(-units.get(i).bytes());
    }
    units =
        new ArrayList<>(units.subList(count, units.size())); // whoever walks the old one goes on
    firstNumber = number;
    if (openKeyNumber < number) {
      openKeyNumber = -1;
    }
  }

  private void charge(long delta) {
    bytes += delta;
    budget.charge(delta);
  }

  /** Media time from the first to this one, by decoding time; 0 where the source gives none. */
  private long mediaNs(SentUnit last, StreamFormat format) {
    long fromTicks = units.get(0).dts();
    long toTicks = last.dts();
    if (fromTicks == EncodedUnit.NO_TIME || toTicks == EncodedUnit.NO_TIME) {
      return 0;
    }
    try {
      return TimeBase.toNs(
          Math.subtractExact(toTicks, fromTicks),
          format.timeBaseNumerator(),
          format.timeBaseDenominator());
    } catch (ArithmeticException beyond292Years) {
      return 0;
    }
  }
}
