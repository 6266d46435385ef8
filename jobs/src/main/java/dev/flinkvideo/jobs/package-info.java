/** Wires source, admission, decode and sinks into a job, and knows the topics they meet on. */
package dev.flinkvideo.jobs;
