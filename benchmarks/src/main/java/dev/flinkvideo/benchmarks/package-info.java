/**
 * How fast it is: two programs that measure CPU time and heap per frame and hold them against
 * FFmpeg's own decoder in the same process. docs/benchmarks.md says how and what came out.
 */
package dev.flinkvideo.benchmarks;
