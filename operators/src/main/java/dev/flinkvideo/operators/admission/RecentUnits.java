package dev.flinkvideo.operators.admission;

import dev.flinkvideo.protocol.wire.Segment;
import dev.flinkvideo.protocol.wire.Transport;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;

/**
 * What was admitted of late of the session that is the current key, to recognise what another
 * connection repeats: the newest groups of pictures, as far back as {@link #REACH_US}, none of more
 * than {@link #MAX_GROUP_UNITS}. Two lists in keyed state, one entry per segment, so that adding
 * one costs no reading:
 *
 * <pre>
 *   recent   of the current connection
 *   before   of the one before it; only as long as the current one repeats it
 * </pre>
 *
 * Task thread only.
 */
final class RecentUnits {
  /** 20 s at 60 pictures per second. In a longer group nothing is remembered. */
  static final int MAX_GROUP_UNITS = 1_200;

  /** What a gateway keeps of a standby by default: what it begins with must be known here. */
  static final long REACH_US = 5_000_000;

  /**
   * How far the lists go; part of {@link AdmissionState}, so that they are read only when needed.
   *
   * @param overlapping the current connection repeats the one before it
   * @param groupUnits access units of the newest group in {@code recent}, or -1 if it is too long
   */
  record Tracking(boolean overlapping, int groupUnits) {
    static final Tracking NONE = new Tracking(false, 0);
  }

  /**
   * What became of a segment.
   *
   * @param shown its leading access units that were shown before, as what
   */
  record Step(Tracking tracking, List<Shown> shown) {}

  private final ListState<byte[]> recent;
  private final ListState<byte[]> before;
  private final long maxDelayUs;
  private final long slackUs;

  /**
   * @param maxDelayUs how far apart the same picture may arrive on two connections; 0 if nothing is
   *     to be recognised
   * @param slackUs by how much more time one encode may be on its way than another
   */
  RecentUnits(RuntimeContext context, long maxDelayUs, long slackUs) {
    this.maxDelayUs = maxDelayUs;
    this.slackUs = slackUs;
    this.recent = list(context, "recent-units");
    this.before = list(context, "recent-units-before");
  }

  private static ListState<byte[]> list(RuntimeContext context, String name) {
    return context.getListState(
        new ListStateDescriptor<>(name, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
  }

  /**
   * Remembers a segment that is admitted.
   *
   * @param connectionChanged it is the first of its connection
   * @param restart it does not continue the segment before it
   */
  Step admit(Tracking last, Segment segment, boolean connectionChanged, boolean restart)
      throws Exception {
    if (maxDelayUs == 0 || segment.getTransport() == Transport.TRANSPORT_FILE) {
      // A file that is sent again is meant to be judged again.
      return new Step(forget(last), List.of());
    }
    Tracking tracking = last;
    if (connectionChanged && !last.overlapping() && last.groupUnits() > 0) {
      before.update(chunks(recent));
      tracking = new Tracking(true, 0);
    }
    if (connectionChanged || restart && tracking.overlapping()) {
      recent.clear(); // what is compared begins with this key frame
      tracking = new Tracking(tracking.overlapping(), 0);
    }
    if (segment.getPart() == 0) {
      tracking = remember(tracking, RecentUnit.of(segment));
    }
    return tracking.overlapping() ? compare(tracking, segment) : new Step(tracking, List.of());
  }

  /** Nothing will be recognised of what was admitted so far. */
  Tracking forget(Tracking last) {
    if (!last.equals(Tracking.NONE)) {
      recent.clear();
      before.clear();
    }
    return Tracking.NONE;
  }

  private Tracking remember(Tracking last, List<RecentUnit> units) throws Exception {
    RecentUnit first = units.get(0);
    if (last.groupUnits() < 0 && !first.key()) {
      return last;
    }
    if (first.key() && !last.overlapping()) {
      recent.update(newestGroups(first.arrivalUs()));
    }
    int groupUnits = units.size() + (first.key() ? 0 : last.groupUnits());
    if (groupUnits > MAX_GROUP_UNITS || first.contentHash() == 0) {
      forget(last);
      return new Tracking(false, -1);
    }
    recent.add(RecentUnit.write(units));
    return new Tracking(last.overlapping(), groupUnits);
  }

  private Step compare(Tracking tracking, Segment segment) throws Exception {
    List<RecentUnit> now = units(recent);
    Overlap overlap = Overlap.find(units(before), now, maxDelayUs, slackUs);
    int from = Math.min(now.size() - segment.getAccessUnitsCount(), overlap.shown().size());
    boolean open = overlap.end() == Overlap.End.OPEN;
    if (!open) {
      before.clear();
    }
    return new Step(
        new Tracking(open, tracking.groupUnits()),
        List.copyOf(overlap.shown().subList(from, overlap.shown().size())));
  }

  /** Entries from the newest key frame on that is old enough; of unstamped ones, the newest. */
  private List<byte[]> newestGroups(long nowUs) throws Exception {
    List<byte[]> all = chunks(recent);
    int from = all.size();
    int units = 0;
    for (int i = all.size() - 1; i >= 0; i--) {
      List<RecentUnit> chunk = RecentUnit.read(all.get(i));
      RecentUnit first = chunk.get(0);
      units += chunk.size();
      if (first.key()) {
        if (units > MAX_GROUP_UNITS) { // so one group is never left out: it has no more
          break;
        }
        from = i;
        if (first.arrivalUs() == 0 || first.arrivalUs() <= nowUs - REACH_US) {
          break;
        }
      }
    }
    return all.subList(from, all.size());
  }

  private static List<RecentUnit> units(ListState<byte[]> list) throws Exception {
    List<RecentUnit> units = new ArrayList<>();
    for (byte[] chunk : list.get()) {
      units.addAll(RecentUnit.read(chunk));
    }
    return units;
  }

  private static List<byte[]> chunks(ListState<byte[]> list) throws Exception {
    List<byte[]> chunks = new ArrayList<>();
    list.get().forEach(chunks::add);
    return chunks;
  }
}
