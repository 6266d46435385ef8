/**
 * Lends decoded pictures out of Flink's managed memory and takes them back. The law of ownership: a
 * {@link dev.flinkvideo.operators.frame.Frame} has one owner, its life is a block, and using it
 * afterwards throws; a {@link dev.flinkvideo.operators.frame.Lease} belongs to one decoder; whoever
 * made a pool closes it, and closing fails while anything of it is still out.
 */
package dev.flinkvideo.operators.frame;
