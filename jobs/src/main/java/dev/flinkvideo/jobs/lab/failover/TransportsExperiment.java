package dev.flinkvideo.jobs.lab.failover;

import dev.flinkvideo.ingest.gateway.Gateway;
import dev.flinkvideo.ingest.gateway.GatewayConfiguration;
import dev.flinkvideo.ingest.kafka.FilePublisher;
import dev.flinkvideo.ingest.kafka.Playback;
import dev.flinkvideo.ingest.kafka.SegmentPublisher;
import dev.flinkvideo.ingest.transport.CompleteTimes;
import dev.flinkvideo.ingest.transport.FileSource;
import dev.flinkvideo.jobs.JobConfiguration;
import dev.flinkvideo.jobs.SessionTopics;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.jobs.VideoJob;
import dev.flinkvideo.jobs.broker.EmbeddedBroker;
import dev.flinkvideo.jobs.cluster.Waiting;
import dev.flinkvideo.jobs.lab.Check;
import dev.flinkvideo.jobs.lab.Experiment;
import dev.flinkvideo.jobs.lab.LabSettings;
import dev.flinkvideo.jobs.lab.Outcome;
import dev.flinkvideo.jobs.lab.SvgChart;
import dev.flinkvideo.jobs.local.LocalCluster;
import dev.flinkvideo.protocol.FrameObservation;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.RejectedRecordException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One encode is published by RTMP, SRT and WHIP at once to a real gateway, and whoever is watched
 * is killed, or stopped, at a random moment. The job runs in this process.
 */
public final class TransportsExperiment implements Experiment {
  private static final int EACH = 10;
  private static final int AT_ONCE = 4;
  private static final int LATEST_MS = 5_000;

  /** Stall time, and as long again in which to be seen. */
  private static final int AFTERWARDS_S = 8;

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String REFERENCE = "reference";
  private static final String GATEWAY =
      """
      name: transports
      bind: 127.0.0.1
      auth: none
      rtmp: {port: 0}
      srt: {port: 0}
      webrtc: {port: 0, httpPort: 0}
      http: {port: 0}
      """;

  @Override
  public String name() {
    return "transports";
  }

  @Override
  public String description() {
    return "One encode by RTMP, SRT and WHIP: the publisher that is watched is killed or stopped; no picture is lost.";
  }

  @Override
  public Outcome run(LabSettings settings) throws Exception {
    Path clip = settings.clips().get(0);
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      String bootstrap = broker.bootstrap();
      Configuration options =
          JobConfiguration.parse(
              "--bootstrap", bootstrap, "--observe", "frame", "--picture-md5", "true");
      VideoJob.prepareTopics(options);
      GatewayConfiguration configuration = GatewayConfiguration.parse(name(), GATEWAY);
      try (LocalCluster cluster = new LocalCluster(options);
          Gateway gateway = new Gateway(configuration.withBootstrap(bootstrap));
          Operator operator = new Operator(bootstrap, Topics.DEFAULT);
          SessionTopics topics = new SessionTopics(bootstrap)) {
        cluster.submit(environment -> VideoJob.buildOnKafka(environment, options));
        gateway.start();
        Waiting.until("the gateway is ready", PATIENCE, gateway::isReady);
        List<String> reference = reference(bootstrap, clip, topics);
        List<Trial> trials = trials(clip, gateway);
        Random random = new Random(settings.seed());
        for (int from = 0; from < trials.size(); from += AT_ONCE) {
          List<Trial> batch = trials.subList(from, Math.min(trials.size(), from + AT_ONCE));
          settings.say("trials %d to %d of %d", from + 1, from + batch.size(), trials.size());
          play(batch, operator, random);
        }
        long pictureNs = pictureNs(topics);
        return outcome(
            trials.stream()
                .map(
                    trial ->
                        TrialFindings.of(
                            trial, frames(topics, trial.session()), reference, pictureNs))
                .toList());
      }
    }
  }

  private static List<Trial> trials(Path clip, Gateway gateway) {
    List<Trial> trials = new ArrayList<>();
    for (int i = 0; i < EACH; i++) {
      trials.add(new Trial("killed-" + i, Trial.Fate.KILLED, i, clip, gateway));
      trials.add(new Trial("stopped-" + i, Trial.Fate.STOPPED, i, clip, gateway));
    }
    return trials;
  }

  private static void play(List<Trial> batch, Operator operator, Random random) throws Exception {
    try {
      for (Trial trial : batch) {
        trial.start(operator);
      }
      for (Trial trial : batch) {
        trial.awaitSteady(operator);
      }
      for (Trial trial : batch) {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(LATEST_MS / batch.size()));
        trial.disturb();
      }
      TimeUnit.SECONDS.sleep(AFTERWARDS_S);
    } finally {
      batch.forEach(Trial::close);
    }
    for (Trial trial : batch) {
      operator.remove(trial.session());
    }
  }

  /** Checksums of the clip's pictures, as the job itself makes them. */
  private static List<String> reference(String bootstrap, Path clip, SessionTopics topics)
      throws Exception {
    try (SegmentPublisher publisher = new SegmentPublisher(bootstrap, Topics.DEFAULT.segments())) {
      FilePublisher player =
          new FilePublisher(
              () -> new CompleteTimes(new FileSource(clip)),
              FilePublisher.segments(REFERENCE, publisher::publish),
              Playback.AT_ONCE);
      player.play();
      publisher.flush();
      Waiting.until(
          "the clip is judged",
          PATIENCE,
          () -> frames(topics, REFERENCE).size() >= player.accessUnits());
    }
    return frames(topics, REFERENCE).stream().map(FrameObservation::md5).toList();
  }

  private static long pictureNs(SessionTopics topics) {
    List<FrameObservation> frames = frames(topics, REFERENCE);
    return frames.get(1).timeNs() - frames.get(0).timeNs();
  }

  private static List<FrameObservation> frames(SessionTopics topics, String session) {
    return topics.all(Topics.OBSERVATIONS).stream()
        .filter(record -> SessionTopics.key(record).equals(session))
        .map(TransportsExperiment::frame)
        .toList();
  }

  private static FrameObservation frame(ConsumerRecord<byte[], byte[]> record) {
    try {
      return (FrameObservation) JsonRecords.readObservation(record.value());
    } catch (RejectedRecordException e) {
      throw new IllegalStateException("the job wrote what cannot be read", e);
    }
  }

  private static Outcome outcome(List<TrialFindings> findings) {
    List<Check> checks = new ArrayList<>();
    StringBuilder table =
        new StringBuilder(
            "| trial | watched by | pictures | moved | lost | doubled | axis off by |\n|---|---|--:|---|--:|--:|--:|\n");
    for (Trial.Fate fate : Trial.Fate.values()) {
      List<TrialFindings> those =
          findings.stream().filter(one -> one.trial().fate() == fate).toList();
      String what = fate.name().toLowerCase(Locale.ROOT);
      long moved = those.stream().filter(TrialFindings::moved).count();
      checks.add(Check.atLeast(what + ": moved, of %d".formatted(EACH), moved, EACH, ""));
      checks.add(
          Check.atMost(
              what + ": pictures lost", those.stream().mapToInt(TrialFindings::lost).sum(), 0, ""));
      checks.add(
          Check.atMost(
              what + ": doubled", those.stream().mapToInt(TrialFindings::doubled).sum(), 0, ""));
      double worst = those.stream().mapToDouble(TrialFindings::worstAxisErrorMs).max().orElse(0);
      checks.add(Check.atMost(what + ": axis off by", worst, 1, "ms"));
    }
    SvgChart chart = new SvgChart("Pictures lost in each trial", "trial", "pictures");
    List<double[]> lost = new ArrayList<>();
    for (TrialFindings one : findings) {
      lost.add(new double[] {lost.size() + 1, one.lost()});
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %d | %s | %d | %d | %.1f ms |%n",
              one.trial().session(),
              one.trial().first(),
              one.pictures(),
              one.moved() ? "yes" : "no",
              one.lost(),
              one.doubled(),
              one.worstAxisErrorMs()));
    }
    chart.line("lost", lost);
    return new Outcome(checks, table.toString(), chart);
  }
}
