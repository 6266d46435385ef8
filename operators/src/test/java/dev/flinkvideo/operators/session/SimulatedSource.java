package dev.flinkvideo.operators.session;

import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.SourceTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A source that plays the one picture all sources of the simulation play, with a key frame at every
 * multiple of the group length, and fails when it is told to.
 */
final class SimulatedSource {
  enum Fault {
    /** Connections break, and new ones are refused. */
    DOWN,
    /** Nobody answers: connections stay silent, new ones do not open. */
    UNREACHABLE,
    /** The connection stays, and nothing comes. */
    SILENT
  }

  /** What a gateway measures of the line; null where its transport does not tell. */
  record Line(Long bitrateBps, Long keyFrameIntervalMs, Double lossShare, Long lateMs) {
    private static final Line UNKNOWN = new Line(null, null, null, null);
  }

  private record During(Fault fault, long fromMs, long toMs) {}

  final String name;
  final long connectMs;
  private final List<During> faults = new ArrayList<>();
  private final TreeMap<Long, Line> lines = new TreeMap<>();

  SimulatedSource(String name, long connectMs) {
    this.name = name;
    this.connectMs = connectMs;
  }

  SimulatedSource fails(Fault fault, long fromMs, long toMs) {
    faults.add(new During(fault, fromMs, toMs));
    return this;
  }

  /** From then on, until another is told. */
  SimulatedSource hasLine(Line line, long fromMs) {
    lines.put(fromMs, line);
    return this;
  }

  Line line(long atMs) {
    return lines.isEmpty() || atMs < lines.firstKey()
        ? Line.UNKNOWN
        : lines.floorEntry(atMs).getValue();
  }

  SourceSpecification specification() {
    return SourceSpecification.pull(name, SourceTransport.SRT, "srt://" + name + ":9000");
  }

  boolean is(Fault fault, long atMs) {
    return faults.stream()
        .anyMatch(during -> during.fault == fault && atMs >= during.fromMs && atMs < during.toMs);
  }

  boolean delivers(long atMs) {
    return faults.stream().noneMatch(during -> atMs >= during.fromMs && atMs < during.toMs);
  }
}
