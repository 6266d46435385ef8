/** A Kafka broker inside this process, for the demo, for trying things out and for tests. */
package dev.flinkvideo.jobs.broker;
