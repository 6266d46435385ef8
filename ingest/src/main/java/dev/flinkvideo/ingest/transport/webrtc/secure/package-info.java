/**
 * Keeps what a WebRTC peer sends from others: the DTLS handshake by Bouncy Castle, SRTP by
 * jitsi-srtp with the ciphers of the JDK. The only package that knows either.
 */
package dev.flinkvideo.ingest.transport.webrtc.secure;
