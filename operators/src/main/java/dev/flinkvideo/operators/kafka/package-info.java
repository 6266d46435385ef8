/** Bytes of a topic to records and back; what is neither goes to the dead-letter topic, counted. */
package dev.flinkvideo.operators.kafka;
