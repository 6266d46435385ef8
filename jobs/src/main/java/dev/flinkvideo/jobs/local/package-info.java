/** The job in this process: a Flink mini cluster and what it measures. */
package dev.flinkvideo.jobs.local;
