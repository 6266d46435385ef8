/**
 * Turns admitted segments into frames, one after another, and hands each to the analyzers. FFmpeg
 * lives here: native objects are made in constructors and freed once in {@code close}; callbacks
 * are static, routed by id, and never let an exception into C. Nothing a stream contains may fail
 * the task.
 */
package dev.flinkvideo.operators.decode;
