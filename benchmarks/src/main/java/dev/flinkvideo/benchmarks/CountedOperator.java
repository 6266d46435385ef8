package dev.flinkvideo.benchmarks;

import dev.flinkvideo.operators.session.SessionFunction;
import dev.flinkvideo.operators.session.SessionRecord;
import dev.flinkvideo.protocol.Event;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;

/**
 * The session function as in the job, which counts, once all signals are read, the sessions whose
 * state is still there and the timers that still wait. Task thread; the figures of all subtasks of
 * this process, for any thread once the job has ended.
 */
final class CountedOperator extends KeyedProcessOperator<String, SessionRecord, Event> {
  static final LongAdder STATES_LEFT = new LongAdder();
  static final LongAdder TIMERS_LEFT = new LongAdder();

  private static final String STATE = "session";

  /** Of {@link KeyedProcessOperator}, for its function. */
  private static final String TIMERS = "user-timers";

  private static final long serialVersionUID = 1L;

  CountedOperator(SessionFunction function) {
    super(function);
  }

  @Override
  public void finish() throws Exception {
    super.finish();
    try (Stream<String> keys =
        this.<String>getKeyedStateBackend().getKeys(STATE, VoidNamespace.INSTANCE)) {
      STATES_LEFT.add(keys.count());
    }
    InternalTimerService<VoidNamespace> timers =
        getInternalTimerService(TIMERS, VoidNamespaceSerializer.INSTANCE, this);
    timers.forEachProcessingTimeTimer((namespace, atMs) -> TIMERS_LEFT.increment());
  }
}
