/**
 * Puts access units together from RTP payloads in order, for H.264 (RFC 6184), VP8 (RFC 7741), VP9
 * (RFC 9628) and AV1 (AOMedia's RTP specification). Only whole pictures go on.
 */
package dev.flinkvideo.ingest.transport.webrtc.picture;
