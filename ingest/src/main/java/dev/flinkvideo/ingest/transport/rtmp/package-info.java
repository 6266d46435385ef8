/**
 * The server side of RTMP, as far as publishers need it (Adobe's RTMP 1.0 specification, 2012, and
 * Enhanced RTMP v2 of the Veovera Software Organization): handshake, chunks, commands. Messages
 * become FLV tags, which libavformat reads; so what codecs there are is not decided here. Every
 * length is bounded before it is believed, and a peer that breaks a rule loses its connection and
 * nothing else.
 */
package dev.flinkvideo.ingest.transport.rtmp;
