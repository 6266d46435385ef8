package dev.flinkvideo.jobs.lab.failover;

import dev.flinkvideo.protocol.FrameObservation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of the pictures of one trial, told by their checksums.
 *
 * @param moved whether any came by another protocol in the end
 * @param lost between the first and the last that was seen
 * @param doubled seen again, or out of order
 * @param worstAxisErrorMs of session time between neighbours, against the pictures between them
 */
record TrialFindings(
    Trial trial, int pictures, boolean moved, int lost, int doubled, double worstAxisErrorMs) {

  /**
   * @param reference of the clip, all of it, in order
   * @param pictureNs from each picture to the next
   */
  static TrialFindings of(
      Trial trial, List<FrameObservation> seen, List<String> reference, long pictureNs) {
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < reference.size(); i++) {
      places.put(reference.get(i), i);
    }
    int lost = 0;
    int doubled = 0;
    double worstNs = 0;
    int last = -1;
    long lastNs = 0;
    for (FrameObservation frame : seen) {
      int place = places.getOrDefault(frame.md5(), -1);
      if (last >= 0 && place <= last) {
        doubled++;
        continue;
      }
      if (last >= 0) {
        lost += place - last - 1;
        worstNs = Math.max(worstNs, Math.abs(frame.timeNs() - lastNs - (place - last) * pictureNs));
      }
      last = place;
      lastNs = frame.timeNs();
    }
    boolean moved = !seen.isEmpty() && !seen.get(seen.size() - 1).source().equals(trial.first());
    return new TrialFindings(trial, seen.size(), moved, lost, doubled, worstNs / 1e6);
  }
}
