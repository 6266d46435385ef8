/**
 * WebRTC: video pushed to us by WHIP (RFC 9725) and pulled by us by WHEP. HTTP agrees on a
 * connection, then the stages below carry it.
 *
 * <pre>
 *   UdpPort ─▶ IceAgent ─▶ SecureChannel ─▶ RtpReceiver ─▶ PictureAssembler ─▶ LiveSink
 *    ice         ice         secure            rtp             picture
 *  one thread          the connection's own thread, WebRtcSession
 * </pre>
 */
package dev.flinkvideo.ingest.transport.webrtc;
