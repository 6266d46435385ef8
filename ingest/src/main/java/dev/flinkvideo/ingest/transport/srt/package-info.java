/**
 * SRT by libsrt, where the system has it: one port for many publishers, told apart by their stream
 * ids, each with its own pass phrase; and what the protocol measures. Elsewhere {@link
 * dev.flinkvideo.ingest.transport.SrtByFfmpeg} does without.
 */
package dev.flinkvideo.ingest.transport.srt;
