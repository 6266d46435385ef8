package dev.flinkvideo.jobs.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flinkvideo.operators.session.Change;
import dev.flinkvideo.operators.session.Rehearsal;
import dev.flinkvideo.operators.session.SessionPolicy;
import dev.flinkvideo.operators.session.Signal;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.PolicyOverrides;
import dev.flinkvideo.protocol.SessionCommand;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs a recording through a policy and prints the changes: those it would make, those made. */
final class RehearsalRun {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * @param made true for a change that the recording says was made; absent otherwise
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Line(
      long atMs,
      String session,
      String from,
      String to,
      String reason,
      @JsonInclude String source,
      @JsonInclude Long epoch,
      List<SessionCommand> commands,
      Boolean made) {}

  private final SessionPolicy defaults;
  private final PolicyOverrides policy;
  private final PrintWriter out;
  private final Map<String, Rehearsal> rehearsals = new TreeMap<>();

  /**
   * @param defaults the job's, for what {@code policy} does not say
   */
  RehearsalRun(SessionPolicy defaults, PolicyOverrides policy, PrintWriter out) {
    this.defaults = defaults;
    this.policy = policy;
    this.out = out;
  }

  void run(List<RecordedSignal> signals) throws JsonProcessingException {
    for (RecordedSignal signal : signals) {
      pass(signal.atMs() - 1); // what comes before it, of all sessions, is printed before it
      switch (signal.kind()) {
        case tick -> pass(signal.atMs());
        case change -> printMade(signal);
        case spec ->
            hear(
                signal,
                signal.specification() == null
                    ? new Signal.Removed()
                    : new Signal.Specified(signal.specification()));
        case report -> hear(signal, new Signal.Reported(signal.report()));
        case alarm -> hear(signal, new Signal.Alarmed(signal.event()));
      }
    }
  }

  private void pass(long atMs) throws JsonProcessingException {
    for (Map.Entry<String, Rehearsal> entry : rehearsals.entrySet()) {
      print(entry.getKey(), entry.getValue().runTo(atMs));
    }
  }

  private void hear(RecordedSignal recorded, Signal signal) throws JsonProcessingException {
    Rehearsal rehearsal =
        rehearsals.computeIfAbsent(
            recorded.session(), session -> new Rehearsal(session, defaults, policy));
    print(recorded.session(), rehearsal.hear(signal, recorded.atMs()));
  }

  private void print(String session, List<Rehearsal.Line> lines) throws JsonProcessingException {
    for (Rehearsal.Line line : lines) {
      Change change = line.change();
      Long epoch = change.epoch() == 0 ? null : change.epoch();
      print(
          new Line(
              line.atMs(),
              session,
              change.from().label(),
              change.to().label(),
              change.reason().label(),
              change.source(),
              epoch,
              line.commands(),
              null));
    }
  }

  private void printMade(RecordedSignal signal) throws JsonProcessingException {
    Event event = signal.event();
    print(
        new Line(
            signal.atMs(),
            event.session(),
            event.from(),
            event.to(),
            event.name(),
            event.source(),
            event.epoch() == null || event.epoch() == 0 ? null : event.epoch(),
            List.of(),
            true));
  }

  private void print(Line line) throws JsonProcessingException {
    out.println(MAPPER.writeValueAsString(line));
  }
}
