package dev.flinkvideo.jobs.observe;

import dev.flinkvideo.operators.admission.AdmissionFunction;
import dev.flinkvideo.operators.decode.DecodeMetrics;
import dev.flinkvideo.operators.metrics.Described;
import dev.flinkvideo.operators.metrics.Drops;
import dev.flinkvideo.operators.metrics.GcPauses;
import dev.flinkvideo.operators.metrics.StageLatency;
import dev.flinkvideo.operators.session.SessionMetrics;
import java.lang.reflect.Field;
import java.util.Locale;
import java.util.StringJoiner;

/** Writes {@code docs/metrics.md} from the constants that are the metrics' names. */
final class MetricsPage {
  private static final String OPERATOR = "flink_taskmanager_job_task_operator_";

  private MetricsPage() {}

  static String markdown() throws IllegalAccessException {
    return """
    # Metrics

    Of the operators, in Flink's metric system; the names below are those that Prometheus sees, each with
    `%s` before it, and with Flink's own labels (`job_name`, `task_name`, `subtask_index`, `tm_id`, ...).
    This page is written from the constants in the code by `mvn verify -Dregenerate=true`. The dashboard is
    [config/grafana/dashboards/flink-video.json](../config/grafana/dashboards/flink-video.json), alerts are
    [config/prometheus/alerts.yml](../config/prometheus/alerts.yml).

    Counters begin at 0 when a task starts. No metric of the job has a label per session, so their number does not grow with
    the sessions: what is known of one session is on `video.status` (every `decode.status-interval` with its fidelity and latency),
    `video.events` and in its observations.

    Buckets are cumulative and can be added up over subtasks: `X_le_bucket` with the label `le` (upper bound in microseconds), `X_count`,
    `X_sumUs` and `X_maxUs`. The 99th percentile of five minutes, over all subtasks, in microseconds:

        histogram_quantile(0.99, sum by (le) (rate(%slatencyUs_total_le_bucket[5m])))

    They need `metrics.reporter.prom.filterLabelValueCharacters: false`, as [config/flink/config.yaml](../config/flink/config.yaml) has it.

    ## decode

    %s

    `gcPause` and `vmStop` are of the whole process, and every subtask tells them: take the `max by (tm_id)`, not the sum. They are measured with
    every collector from the first request to stop until the threads go on (flight recorder: `SafepointBegin` to `SafepointEnd`); pauses alone
    leave out the reaching of the safepoint, and Flink's `GarbageCollector.All.Time` adds ZGC's concurrent cycles.

    ## session

    %s

    ## admission

    %s

    ## gateway

    The gateway serves its own at `/metrics` of its HTTP port, with a `HELP` line each: publishers, buffer, segments sent and dropped, refusals
    by reason, and of the open connections by `transport` their number, bit rate, and the worst silence, round trip and loss. Sessions are no labels
    here either, as publishers may name them: what each connection does is at `/v1/connections` and, every second, on `video.reports`.
    """
        .formatted(
            OPERATOR,
            OPERATOR,
            table(DecodeMetrics.class, Drops.class, GcPauses.class, StageLatency.class),
            table(SessionMetrics.class),
            table(AdmissionFunction.class, Drops.class));
  }

  private static String table(Class<?>... holders) throws IllegalAccessException {
    StringJoiner rows = new StringJoiner("\n");
    rows.add("| name | type | unit | means | worry when |");
    rows.add("|---|---|---|---|---|");
    for (Class<?> holder : holders) {
      for (Field field : holder.getDeclaredFields()) {
        Described described = field.getAnnotation(Described.class);
        if (described != null) {
          rows.add(row(holder, (String) field.get(null), described));
        }
      }
    }
    return rows.toString();
  }

  private static String row(Class<?> holder, String name, Described described) {
    String labels = String.join("_", described.labels());
    String group = holder == StageLatency.class ? StageLatency.GROUP + "_" : "";
    return "| `%s` | %s | %s | %s | %s |"
        .formatted(
            group + (labels.isEmpty() ? name : labels + "_" + name),
            described.type().name().toLowerCase(Locale.ROOT),
            described.unit(),
            described.value() + (labels.isEmpty() ? "" : "; label `%s`".formatted(labels)),
            described.worry());
  }
}
