/**
 * Reads and writes session descriptions (RFC 8866) as WebRTC uses them (RFC 9429): only what is
 * needed to receive one video stream. Pure.
 */
package dev.flinkvideo.ingest.transport.webrtc.sdp;
