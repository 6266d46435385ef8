package dev.flinkvideo.operators.analyze;

import dev.flinkvideo.operators.frame.Frame;

/**
 * Raises {@code scene-change}, and clears it at once, at the first picture of another scene. One
 * instance per session; task thread only.
 */
final class SceneChangeAnalyzer implements Analyzer {
  private final String name;
  private final double threshold;

  SceneChangeAnalyzer(String name, double threshold) {
    this.name = name;
    this.threshold = threshold;
  }

  @Override
  public void analyze(Frame frame, PictureMeasures measures, Findings findings) {
    double score = measures.sceneScore();
    if (score >= threshold) {
      findings.raise(name, findings.timeNs(), score);
      findings.clear(name, findings.timeNs(), score);
    }
  }
}
