package dev.flinkvideo.jobs.cli;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Every subcommand, in the order in which the help lists them. The class is named, not referred to:
 * it is loaded when it is used, so that {@code --help} does not wait for Kafka and Flink.
 */
enum Subcommand {
  DEMO("demo", "DemoCommand", "The whole system in one process, on real footage."),
  UP(
      "up",
      "UpCommand",
      "Kafka, job and gateway in one process, to publish to by RTMP, SRT, WebRTC."),
  INSPECT("inspect", "InspectCommand", "Decode and judge a file, as the job would."),
  RUN("run", "RunCommand", "Run the job in this process on a Kafka of yours."),
  PUBLISH("publish", "PublishCommand", "Publish a file as a session."),
  SESSIONS("sessions", "SessionsCommand", "Say what is wanted of sessions, see where they stand."),
  REHEARSE("rehearse", "RehearseCommand", "What another reconnect policy would have done."),
  INGEST("ingest", "IngestCommand", "Take RTMP, SRT and WebRTC streams in, as sessions command."),
  TAIL("tail", "TailCommand", "Print what is on a topic, one JSON line a record."),
  TOPICS("topics", "TopicsCommand", "Create the topics that are missing, or say which are."),
  BROKER("broker", "BrokerCommand", "Run a single Kafka in this process, for trying things out."),
  SMOKE("smoke", "SmokeCommand", "Try whether an installation does what it is for."),
  PLAN("plan", "PlanCommand", "How much of everything so many sessions need."),
  LAB("lab", "LabCommand", "Run the experiments that prove what README claims.");

  /** Those that go on until they are told to end, or can be made to. */
  private static final Set<Subcommand> ENDLESS =
      EnumSet.of(DEMO, UP, RUN, PUBLISH, SESSIONS, INGEST, TAIL, BROKER);

  private final String label;
  private final String className;
  private final String description;

  Subcommand(String label, String className, String description) {
    this.label = label;
    this.className = className;
    this.description = description;
  }

  static Optional<Subcommand> labelled(String label) {
    return Arrays.stream(values()).filter(known -> known.label.equals(label)).findFirst();
  }

  String label() {
    return label;
  }

  /** Then to be told to end before is to fail: it has not said what it was asked. */
  boolean endsByItself() {
    return !ENDLESS.contains(this);
  }

  String description() {
    return description;
  }

  /** A new instance of its class, which has a constructor without arguments. */
  Object instance() {
    try {
      return Class.forName(Subcommand.class.getPackageName() + "." + className)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no class for subcommand " + label, e);
    }
  }
}
