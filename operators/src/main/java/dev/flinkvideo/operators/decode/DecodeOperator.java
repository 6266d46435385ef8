package dev.flinkvideo.operators.decode;

import dev.flinkvideo.operators.admission.Admitted;
import dev.flinkvideo.operators.analyze.Analyzers;
import dev.flinkvideo.operators.analyze.PictureJudge;
import dev.flinkvideo.operators.frame.FramePool;
import dev.flinkvideo.operators.frame.ManagedFrameMemory;
import dev.flinkvideo.operators.kafka.JsonRecordSerializer;
import dev.flinkvideo.operators.metrics.Clock;
import dev.flinkvideo.operators.metrics.Drops;
import dev.flinkvideo.operators.metrics.GcPauses;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.Observation;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.memory.ManagedMemoryUseCase;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.IOUtils;
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

  private static final long serialVersionUID = 1L;

  private final Configuration options;

  private transient ManagedFrameMemory memory;
  private transient FramePool pool;
  private transient GcPauses pauses;
  private transient Analyzers analyzers;
  private transient Set<String> codecs;
  private transient long intervalNs;
  private transient PictureDigest digest;
  private transient Drops drops;
  private transient DecodeMetrics metrics;

  /** By name, least recently used first: the order in which decoders make room. */
  private transient Map<String, Session> sessions;

  private transient SessionState state;
  private transient PrefixBudget prefixes;
  private transient SuspensionGuard suspensions;
  private transient StreamRecord<Observation> outRecord;

  /** A session and what its state holds of it. */
  private static final class Session {
    private final SessionDecoder decoder;
    private final SessionState.Written written = new SessionState.Written();
    private boolean moved;

    private Session(SessionDecoder decoder) {
      this.decoder = decoder;
    }
  }

  public DecodeOperator(StreamOperatorParameters<Observation> parameters, Configuration options) {
    super(parameters);
    this.options = options;
  }

  @Override
  public void open() throws Exception {
    super.open();
    intervalNs = DecodeOptions.intervalNs(options);
    analyzers = Analyzers.configured(options);
    codecs = new LinkedHashSet<>(options.get(DecodeOptions.CODECS));
    sessions = new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true);
    prefixes = new PrefixBudget(options);
    suspensions = new SuspensionGuard(options.get(DecodeOptions.MAX_SUSPENSIONS));
    state = new SessionState(getKeyedStateBackend());
    digest = new PictureDigest();
    outRecord = new StreamRecord<>(null);
    Ffmpeg.load();
    pauses = GcPauses.acquire();
    memory =
        new ManagedFrameMemory(
            getContainingTask().getEnvironment().getMemoryManager(),
            managedFraction(),
            getOperatorConfig().getOperatorName());
    pool = new FramePool(memory);
    drops = new Drops(getMetricGroup(), Clock.SYSTEM, event -> emit(event));
    metrics = new DecodeMetrics(getMetricGroup(), pool, prefixes, pauses, () -> sessions.size());
  }

  @Override
  public void processElement(StreamRecord<Admitted> element) throws Exception {
    Admitted admitted = element.getValue();
    if (admitted instanceof Admitted.Media media) {
      moving(media.session()).decode(media);
    } else if (admitted instanceof Admitted.Container container) {
      moving(container.session()).decode(container);
    } else if (admitted instanceof Admitted.Noted noted) {
      emit(noted.event());
    } else if (admitted instanceof Admitted.Idle) {
      moving(admitted.session()).idle();
    } else {
      forget(admitted.session());
    }
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    drops.flushAll();
    for (Map.Entry<String, Session> entry : sessions.entrySet()) {
      Session session = entry.getValue();
      if (session.moved) {
        session.decoder.reporter().flushCounts();
        setCurrentKey(entry.getKey());
        state.write(session.decoder, session.written);
        session.moved = false;
      }
    }
  }

  /** The source has ended: shows what the decoders hold back. */
  @Override
  public void endInput() {
    // A copy: showing what one holds back may use another's slots, which changes the order.
    for (Session session : List.copyOf(sessions.values())) {
      session.decoder.idle();
      session.moved = true;
    }
  }

  @Override
  public void close() throws Exception {
    try {
      if (sessions != null) {
        IOUtils.closeAll(sessions.values().stream().map(session -> session.decoder).toList());
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

  /** The session that is the current key, which will not be what it was. */
  private SessionDecoder moving(String name) throws Exception {
    Session session = sessions.get(name);
    if (session == null) {
      session = new Session(new SessionDecoder(name, this));
      state.read(session.decoder, session.written);
      sessions.put(name, session);
    }
    session.moved = true;
    return session.decoder;
  }

  private void forget(String name) throws Exception {
    Session session = sessions.remove(name);
    if (session != null) {
      session.decoder.close();
    }
    state.clear();
  }

  @Override
  public BooleanSupplier makeRoomExcept(String name) {
    return () -> {
      for (Map.Entry<String, Session> other : sessions.entrySet()) {
        SessionDecoder decoder = other.getValue().decoder;
        if (!other.getKey().equals(name) && decoder.hasDecoder()) {
          if (!suspensions.tryAcquire(clock().nowUs())) {
            return false;
          }
          decoder.suspend();
          metrics.suspended();
          return true;
        }
      }
      return false;
    };
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
    return options.get(DecodeOptions.PICTURE_MD5) && intervalNs == 0;
  }

  @Override
  public long maxTimeJumpNs() {
    return options.get(DecodeOptions.MAX_TIME_JUMP).toNanos();
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
