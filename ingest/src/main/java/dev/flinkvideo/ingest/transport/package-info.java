/**
 * Reads one stream from one place until it ends or breaks, and never retries. What comes out are
 * encoded units in decoding order, untouched. The only package of this module that knows FFmpeg:
 * whoever opened something here closes it, for nothing native is left to the collector.
 */
package dev.flinkvideo.ingest.transport;
