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

  /** By name, least recently used first: the order in which idle decoders make room. */
  private transient Map<String, SessionDecoder> sessions;

  private transient Set<String> idle;
  private transient StreamRecord<Observation> outRecord;

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
    idle = new LinkedHashSet<>();
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
    metrics = new DecodeMetrics(getMetricGroup(), pool, pauses, () -> sessions.size());
  }

  @Override
  public void processElement(StreamRecord<Admitted> element) {
    Admitted admitted = element.getValue();
    if (admitted instanceof Admitted.Media media) {
      active(media.session()).decode(media);
    } else if (admitted instanceof Admitted.Container container) {
      active(container.session()).decode(container);
    } else if (admitted instanceof Admitted.Noted noted) {
      emit(noted.event());
    } else if (admitted instanceof Admitted.Idle) {
      idle(admitted.session());
    } else {
      forget(admitted.session());
    }
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    drops.flushDue();
  }

  /** The source has ended: shows what the decoders hold back. */
  @Override
  public void endInput() {
    sessions.values().forEach(SessionDecoder::idle);
  }

  @Override
  public void close() throws Exception {
    try {
      if (sessions != null) {
        IOUtils.closeAll(sessions.values());
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

  private SessionDecoder active(String session) {
    idle.remove(session);
    SessionDecoder decoder = sessions.get(session);
    if (decoder == null) {
      decoder = new SessionDecoder(session, this);
      sessions.put(session, decoder);
    }
    return decoder;
  }

  private void idle(String session) {
    SessionDecoder decoder = sessions.get(session);
    if (decoder != null) {
      decoder.idle();
      idle.add(session);
    }
  }

  private void forget(String session) {
    idle.remove(session);
    SessionDecoder decoder = sessions.remove(session);
    if (decoder != null) {
      decoder.close();
    }
  }

  @Override
  public BooleanSupplier makeRoomExcept(String session) {
    return () -> {
      for (Map.Entry<String, SessionDecoder> other : sessions.entrySet()) {
        if (!other.getKey().equals(session)
            && idle.contains(other.getKey())
            && other.getValue().hasDecoder()) {
          other.getValue().closeDecoder();
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
}
