/**
 * RTP and RTCP of one received video stream (RFC 3550, 4585, 4588): puts packets in order, asks for
 * those that are missing, reports what came, and knows the sender's clock. Pure: time is an
 * argument.
 */
package dev.flinkvideo.ingest.transport.webrtc.rtp;
