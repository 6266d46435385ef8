/**
 * A real Flink cluster and a Kafka on this machine, each of their JVMs a process of its own: what
 * the lab and the end-to-end tests kill. Put together from the launcher's own jars; nothing is
 * downloaded.
 */
package dev.flinkvideo.jobs.cluster;
