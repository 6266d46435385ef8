/**
 * Says, from the log alone, which segments of a session are decoded: the newest connection wins
 * from its first key frame on. Nothing here looks at a clock to decide what is decoded; the clock
 * only tells when a session has stalled.
 */
package dev.flinkvideo.operators.admission;
