package dev.flinkvideo.operators.analyze;

import dev.flinkvideo.operators.frame.Frame;
import dev.flinkvideo.operators.state.StateFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Judges every picture of one session, in order: measures it once and shows it to the analyzers. An
 * alarm that is raised when the session stalls or ends stays raised: nobody saw a good picture.
 * Owned by whoever decodes the session; task thread only; nothing to close.
 */
public final class PictureJudge {
  private static final StateFormat FORMAT = new StateFormat("judge state", 1);

  private final PictureMeter meter = new PictureMeter();
  private final Map<String, Analyzer> byName;
  private final List<Analyzer> analyzers;
  private final Map<String, Double> extra = new LinkedHashMap<>();
  private final Map<String, Long> raised = new TreeMap<>();
  private final CurrentFindings findings = new CurrentFindings();

  /**
   * Prefer {@link Analyzers#newJudge}.
   *
   * @param analyzers by name, in the order in which they look at a picture
   */
  public PictureJudge(Map<String, Analyzer> analyzers) {
    this.byName = new LinkedHashMap<>(analyzers);
    this.analyzers = List.copyOf(analyzers.values());
  }

  /** Writes what judging the next pictures depends on, for a checkpoint. */
  public void write(DataOutput out) throws IOException {
    FORMAT.writeVersion(out);
    meter.write(out);
    out.writeInt(raised.size());
    for (Map.Entry<String, Long> alarm : raised.entrySet()) {
      out.writeUTF(alarm.getKey());
      out.writeLong(alarm.getValue());
    }
    out.writeInt(byName.size());
    for (Map.Entry<String, Analyzer> analyzer : byName.entrySet()) {
      ByteArrayOutputStream state = new ByteArrayOutputStream();
      analyzer.getValue().write(new DataOutputStream(state));
      out.writeUTF(analyzer.getKey());
      StateFormat.writeBytes(state.toByteArray(), out);
    }
  }

  /**
   * Takes up where another stood, before the first picture. Analyzers that are not configured any
   * more lose their state, new ones start without.
   */
  public void read(DataInputStream in) throws IOException {
    FORMAT.readVersion(in);
    meter.read(in);
    for (int left = StateFormat.readCount(in); left > 0; left--) {
      raised.put(in.readUTF(), in.readLong());
    }
    for (int left = StateFormat.readCount(in); left > 0; left--) {
      String name = in.readUTF();
      byte[] state = StateFormat.readBytes(in);
      if (byName.containsKey(name) && state.length > 0) {
        read(name, state);
      }
    }
  }

  private void read(String name, byte[] state) throws IOException {
    try {
      byName.get(name).read(new DataInputStream(new ByteArrayInputStream(state)), meter);
    } catch (IOException | RuntimeException e) {
      throw new IOException("analyzer %s cannot read its state: %s".formatted(name, e), e);
    }
  }

  /**
   * @param frame the picture; the caller closes it
   * @param timeNs its session time, never less than that of the one before
   */
  public void judge(Frame frame, long timeNs, AlarmListener listener) {
    meter.measure(frame);
    extra.clear();
    findings.timeNs = timeNs;
    findings.listener = listener;
    for (int i = 0; i < analyzers.size(); i++) {
      analyzers.get(i).analyze(frame, meter, findings);
    }
  }

  /** Pictures are missing before the next one, or it comes from another source. */
  public void discontinuity() {
    meter.discontinuity();
    analyzers.forEach(Analyzer::discontinuity);
  }

  /** Of the last picture judged. */
  public PictureMeasures measures() {
    return meter;
  }

  /** What analyzers measured in the last picture besides; a view, empty if there is nothing. */
  public Map<String, Double> extraMeasures() {
    return Collections.unmodifiableMap(extra);
  }

  /** Alarms raised and not cleared, and since when; a view. */
  public Map<String, Long> raisedSinceNs() {
    return Collections.unmodifiableMap(raised);
  }

  /** Reused, so that judging allocates nothing. */
  private final class CurrentFindings implements Findings {
    private long timeNs;
    private AlarmListener listener;

    @Override
    public long timeNs() {
      return timeNs;
    }

    @Override
    public void raise(String alarm, long sinceNs, double value) {
      raised.put(alarm, sinceNs);
      listener.raised(alarm, sinceNs, timeNs, value);
    }

    @Override
    public void clear(String alarm, long sinceNs, double value) {
      raised.remove(alarm);
      listener.cleared(alarm, sinceNs, timeNs, value);
    }

    @Override
    public void measure(String name, double value) {
      extra.put(name, value);
    }
  }
}
