package dev.flinkvideo.operators.decode;

import dev.flinkvideo.operators.admission.Admitted;
import dev.flinkvideo.operators.analyze.AnalyzeOptions;
import dev.flinkvideo.operators.analyze.Analyzers;
import dev.flinkvideo.operators.analyze.PictureJudge;
import dev.flinkvideo.operators.frame.FramePool;
import dev.flinkvideo.operators.frame.ManagedFrameMemory;
import dev.flinkvideo.operators.kafka.JsonRecordSerializer;
import dev.flinkvideo.operators.metrics.Clock;
import dev.flinkvideo.operators.metrics.Drops;
import dev.flinkvideo.operators.metrics.GcPauses;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.Fidelity;
import dev.flinkvideo.protocol.Observation;
import dev.flinkvideo.protocol.wire.Segment;
import dev.flinkvideo.protocol.wire.Transport;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.memory.ManagedMemoryUseCase;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.util.OutputTag;

/**
 * Decodes the segments of all sessions of a subtask into frames of its share of managed memory, has
 * each judged and emits what was seen. A frame lives inside one call of {@link #processElement}: it
 * meets no other operator and no checkpoint.
 *
 * <p>What a session needs to go on exactly after a failure is written to keyed state when a
 * checkpoint barrier comes, and read when the session's first record comes.
 *
 * <p>Memory is reserved in {@link #open} and given back in {@link #close}, which Flink calls on
 * success, failure and cancellation alike, and after a failed open.
 */
public final class DecodeOperator extends AbstractStreamOperator<Observation>
    implements OneInputStreamOperator<Admitted, Observation>, BoundedOneInput, DecodeContext {
  /** Everything that happened to sessions, admission's events included. */
  public static final OutputTag<Event> EVENTS =
      new OutputTag<>("events", JsonRecordSerializer.EVENTS);

  private static final long LOOK_EVERY_MS = 1_000;

  private static final long serialVersionUID = 1L;

  private final Configuration options;

  private transient ManagedFrameMemory memory;
  private transient FramePool pool;
  private transient GcPauses pauses;
  private transient Analyzers analyzers;
  private transient Set<String> codecs;
  private transient long intervalNs;
  private transient boolean pictureMd5;
  private transient long maxTimeJumpNs;
  private transient FidelityOptions.Sessions liveSessions;
  private transient PictureDigest digest;
  private transient Drops drops;
  private transient DecodeMetrics metrics;

  private transient Sessions sessions;
  private transient PrefixBudget prefixes;
  private transient LeaseAlarms leaseAlarms;
  private transient StreamRecord<Observation> outRecord;

  public DecodeOperator(StreamOperatorParameters<Observation> parameters, Configuration options) {
    super(parameters);
    this.options = options;
  }

  @Override
  public void open() throws Exception {
    super.open();
    intervalNs = DecodeOptions.intervalNs(options);
    pictureMd5 = options.get(DecodeOptions.PICTURE_MD5) && intervalNs == 0;
    maxTimeJumpNs = options.get(DecodeOptions.MAX_TIME_JUMP).toNanos();
    liveSessions = options.get(FidelityOptions.SESSIONS);
    analyzers = Analyzers.configured(options);
    codecs = new LinkedHashSet<>(options.get(DecodeOptions.CODECS));
    prefixes = new PrefixBudget(options);
    sessions =
        new Sessions(this, options, new SessionState(getKeyedStateBackend()), this::setCurrentKey);
    digest = new PictureDigest();
    outRecord = new StreamRecord<>(null);
    Requirements.natives();
    pauses = GcPauses.acquire();
    memory =
        new ManagedFrameMemory(
            getContainingTask().getEnvironment().getMemoryManager(),
            managedFraction(),
            getOperatorConfig().getOperatorName());
    if (options.get(DecodeOptions.MEMORY_PRE_TOUCH)) {
      memory.touch();
    }
    pool =
        new FramePool(
            memory,
            options.get(DecodeOptions.MAX_SESSION_SHARE),
            options.get(DecodeOptions.LEASE_LIMIT));
    Requirements.memory(pool, getOperatorConfig().getOperatorName());
    leaseAlarms = new LeaseAlarms(pool, this::emit);
    drops = new Drops(getMetricGroup(), Clock.SYSTEM, event -> emit(event));
    metrics = new DecodeMetrics(getMetricGroup(), pool, prefixes, pauses, () -> sessions.size());
    metrics.expectAlarms(options.get(AnalyzeOptions.ANALYZERS));
    lookAgain();
  }

  @Override
  public void processElement(StreamRecord<Admitted> element) throws Exception {
    Admitted admitted = element.getValue();
    if (admitted instanceof Admitted.Media media) {
      decode(media);
    } else if (admitted instanceof Admitted.Container container) {
      decode(container);
    } else if (admitted instanceof Admitted.Noted noted) {
      emit(noted.event());
    } else if (admitted instanceof Admitted.Idle) {
      sessions.idle(admitted.session());
    } else {
      sessions.forget(admitted.session());
    }
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    drops.flushAll();
    sessions.checkpoint();
  }

  /** The source has ended: shows what the decoders hold back. */
  @Override
  public void endInput() throws Exception {
    sessions.endInput();
  }

  @Override
  public void close() throws Exception {
    try {
      if (sessions != null) {
        sessions.close();
      }
      if (pool != null) {
        pool.close();
        pool = null;
      }
    } finally {
      if (memory != null) {
        memory.close();
        memory = null;
      }
      if (pauses != null) {
        pauses = null;
        GcPauses.release();
      }
      super.close();
    }
  }

  private double managedFraction() {
    return getOperatorConfig()
        .getManagedMemoryFractionOperatorUseCaseOfSlot(
            ManagedMemoryUseCase.OPERATOR,
            getRuntimeContext().getJobConfiguration(),
            getRuntimeContext().getTaskManagerRuntimeInfo().getConfiguration(),
            getUserCodeClassloader());
  }

  private void decode(Admitted.Media media) throws Exception {
    Segment segment = media.segment();
    sessions.decode(
        media.session(),
        isLive(segment.getTransport()),
        media.appendUs(),
        segment.getAccessUnits(0).getKey(),
        decoder -> decoder.decode(media));
  }

  private void decode(Admitted.Container container) throws Exception {
    sessions.decode(
        container.session(),
        isLive(Transport.TRANSPORT_UNSPECIFIED),
        container.appendUs(),
        /* key= */ true,
        decoder -> decoder.decode(container));
  }

  private boolean isLive(Transport transport) {
    return switch (liveSessions) {
      case LIVE -> true;
      case COMPLETE -> false;
      case BY_TRANSPORT ->
          transport != Transport.TRANSPORT_FILE
              && transport != Transport.TRANSPORT_UNSPECIFIED
              && transport != Transport.UNRECOGNIZED;
    };
  }

  /** Once a second: whether more or fewer pictures are decoded, and whether anything leaks. */
  private void look(long timestampMs) {
    sessions.look();
    leaseAlarms.look(System.nanoTime());
    lookAgain();
  }

  private void lookAgain() {
    ProcessingTimeService timers = getProcessingTimeService();
    timers.registerTimer(timers.getCurrentProcessingTime() + LOOK_EVERY_MS, this::look);
  }

  /** What the load decides, decided by a test. */
  void choose(String session, Fidelity to, FidelityCause cause, String why) {
    sessions.choose(session, to, cause, why);
  }

  @Override
  public void overBudget(String session, String message) {
    sessions.overBudget(session, message);
  }

  @Override
  public boolean makeRoomFor(String session) {
    return sessions.makeRoomFor(session);
  }

  @Override
  public void emit(Observation observation) {
    output.collect(outRecord.replace(observation));
  }

  @Override
  public void emit(Event.Builder event) {
    emit(event.build(Clock.SYSTEM.nowUs()));
  }

  private void emit(Event event) {
    if (event.kind() == EventKind.ALARM_RAISED) {
      metrics.alarm(event.name());
    }
    output.collect(EVENTS, new StreamRecord<>(event));
  }

  @Override
  public PictureJudge newJudge() {
    return analyzers.newJudge();
  }

  @Override
  public FramePool pool() {
    return pool;
  }

  @Override
  public Set<String> codecs() {
    return codecs;
  }

  @Override
  public long intervalNs() {
    return intervalNs;
  }

  @Override
  public boolean pictureMd5() {
    return pictureMd5;
  }

  @Override
  public long maxTimeJumpNs() {
    return maxTimeJumpNs;
  }

  @Override
  public PictureDigest digest() {
    return digest;
  }

  @Override
  public Clock clock() {
    return Clock.SYSTEM;
  }

  @Override
  public Drops drops() {
    return drops;
  }

  @Override
  public DecodeMetrics metrics() {
    return metrics;
  }

  @Override
  public PrefixBudget prefixBudget() {
    return prefixes;
  }
}
