/**
 * Publishes what the transports read, paced as it would arrive live or at once. Knows Kafka and the
 * protocol, and nothing of FFmpeg.
 */
package dev.flinkvideo.ingest.kafka;
