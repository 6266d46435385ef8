package dev.flinkvideo.operators.session;

import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.SourceTransport;
import java.util.ArrayList;
import java.util.List;

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

  private record During(Fault fault, long fromMs, long toMs) {}

  final String name;
  final long connectMs;
  private final List<During> faults = new ArrayList<>();

  SimulatedSource(String name, long connectMs) {
    this.name = name;
    this.connectMs = connectMs;
  }

  SimulatedSource fails(Fault fault, long fromMs, long toMs) {
    faults.add(new During(fault, fromMs, toMs));
    return this;
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
