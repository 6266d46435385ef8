package dev.flinkvideo.operators.analyze;

import dev.flinkvideo.operators.frame.Frame;
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
  private final PictureMeter meter = new PictureMeter();
  private final List<Analyzer> analyzers;
  private final Map<String, Double> extra = new LinkedHashMap<>();
  private final Map<String, Long> raised = new TreeMap<>();
  private final CurrentFindings findings = new CurrentFindings();

  /** Prefer {@link Analyzers#newJudge}. */
  public PictureJudge(List<Analyzer> analyzers) {
    this.analyzers = List.copyOf(analyzers);
  }

  /** Alarms that were raised before a restore and not cleared; before the first picture. */
  public void resume(Map<String, Long> raisedSinceNs) {
    raisedSinceNs.forEach(
        (alarm, sinceNs) -> {
          raised.put(alarm, sinceNs);
          analyzers.forEach(analyzer -> analyzer.resume(alarm, sinceNs));
        });
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

  /** Alarms raised and not cleared, and since when; a view. What {@link #resume} takes. */
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
