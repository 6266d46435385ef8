/** One nanosecond time axis per session, over all sources and time bases. */
package dev.flinkvideo.operators.timeline;
