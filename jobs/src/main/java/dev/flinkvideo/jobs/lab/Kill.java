package dev.flinkvideo.jobs.lab;

/**
 * One TaskManager killed.
 *
 * @param atMs when, in milliseconds since 1970
 * @param noticedMs when the JobManager began to restart the job
 * @param runningMs when all its tasks ran again
 */
public record Kill(String taskManager, long atMs, long noticedMs, long runningMs) {}
