package dev.flinkvideo.jobs.lab;

/**
 * What was done to the job, times in microseconds since 1970.
 *
 * @param sessions opened
 * @param staying of them, when the load went: {@code live-0} and so on
 * @param pictures sent
 * @param startUs the first session opened
 * @param holdUs all had been open for a while
 * @param endUs the load went
 */
record OverloadRun(
    int sessions, int staying, long pictures, long startUs, long holdUs, long endUs) {}
