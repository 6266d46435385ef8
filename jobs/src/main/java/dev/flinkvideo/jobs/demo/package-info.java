/**
 * {@code demo}: broker, job and live sessions of real footage in one process, shown as they are
 * seen.
 */
package dev.flinkvideo.jobs.demo;
