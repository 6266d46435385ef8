/** {@code inspect}: a file through the job's own decoder and analyzers, without Kafka and Flink. */
package dev.flinkvideo.jobs.inspect;
