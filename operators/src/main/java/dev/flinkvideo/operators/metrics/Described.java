package dev.flinkvideo.operators.metrics;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a metric is, on the constant that is its name: {@code docs/metrics.md} is written from it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface Described {
  /** How it is shown to Prometheus. */
  enum Type {
    /** Counts up from 0 since the task started. */
    COUNTER,
    /** Is what it is now. */
    GAUGE,
    /** {@link CumulativeBuckets}. */
    BUCKETS
  }

  /** What it means, in a sentence without a full stop. */
  String value();

  Type type();

  String unit() default "";

  /** Names of labels beside Flink's own. */
  String[] labels() default {};

  /** When to worry, and what to do. */
  String worry() default "";
}
