/**
 * The records on the topics and their versioned codecs. Knows neither Flink nor FFmpeg, so a
 * producer or a consumer outside this project can use it alone.
 */
package dev.flinkvideo.protocol;
