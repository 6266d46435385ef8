package dev.flinkvideo.operators.metrics;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.clusterframework.types.ResourceID;
import org.apache.flink.runtime.executiongraph.ExecutionGraphTestUtils;
import org.apache.flink.runtime.metrics.groups.AbstractMetricGroup;
import org.apache.flink.runtime.metrics.groups.TaskManagerMetricGroup;
import org.apache.flink.runtime.metrics.groups.TaskMetricGroup;
import org.apache.flink.runtime.metrics.util.TestingMetricRegistry;

/**
 * Counters and gauges of a task with one operator, as a reporter would find them. Test thread only.
 */
public final class TaskMetrics {
  private static final String REASON = "<reason>";

  /** By name; those with a reason by name and reason. */
  private final Map<String, Metric> metrics = new HashMap<>();

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
    return count(counter + " " + reason);
  }

  public long count(String counter) {
    return ((Counter) metrics.get(counter)).getCount();
  }

  public Object gauge(String gauge) {
    return ((Gauge<?>) metrics.get(gauge)).getValue();
  }

  private void register(Metric metric, String name, AbstractMetricGroup<?> group) {
    String reason = group.getAllVariables().get(REASON);
    metrics.put(reason == null ? name : name + " " + reason, metric);
  }
}
