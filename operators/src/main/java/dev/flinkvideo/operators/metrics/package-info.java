/**
 * What all stages measure alike: stage latency, drops by reason, pauses of the collector, heap per
 * frame.
 */
package dev.flinkvideo.operators.metrics;
