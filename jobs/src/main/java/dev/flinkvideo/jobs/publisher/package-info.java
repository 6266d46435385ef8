/** Encoders that publish to a gateway, as processes of their own. */
package dev.flinkvideo.jobs.publisher;
