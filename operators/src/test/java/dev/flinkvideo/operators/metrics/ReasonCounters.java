package dev.flinkvideo.operators.metrics;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.clusterframework.types.ResourceID;
import org.apache.flink.runtime.executiongraph.ExecutionGraphTestUtils;
import org.apache.flink.runtime.metrics.groups.AbstractMetricGroup;
import org.apache.flink.runtime.metrics.groups.TaskManagerMetricGroup;
import org.apache.flink.runtime.metrics.groups.TaskMetricGroup;
import org.apache.flink.runtime.metrics.util.TestingMetricRegistry;

/** The counters with a reason of one operator, as a reporter would find them. Test thread only. */
public final class ReasonCounters {
  private static final String REASON = "<reason>";

  private final Map<String, Counter> counters = new HashMap<>();

  /** The metrics of the task in which the operator runs. */
  public TaskMetricGroup task() {
    return TaskManagerMetricGroup.createTaskManagerMetricGroup(
            TestingMetricRegistry.builder().setRegisterConsumer(this::register).build(),
            "localhost",
            ResourceID.generate())
        .addJob(new JobID(), "job")
        .addTask(ExecutionGraphTestUtils.createExecutionAttemptId(), "task");
  }

  public long count(String counter, String reason) {
    return counters.get(counter + " " + reason).getCount();
  }

  private void register(Metric metric, String name, AbstractMetricGroup<?> group) {
    String reason = group.getAllVariables().get(REASON);
    if (reason != null && metric instanceof Counter counter) {
      counters.put(name + " " + reason, counter);
    }
  }
}
