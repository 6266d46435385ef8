/** Finds where a WebRTC peer is, and who of many sends a datagram: ICE over STUN, on UDP. */
package dev.flinkvideo.ingest.transport.webrtc.ice;
