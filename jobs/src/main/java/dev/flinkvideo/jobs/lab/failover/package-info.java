/**
 * The experiment {@code failover}: what is done to the sources of sessions, what must come of it,
 * and sources that it can be done to.
 */
package dev.flinkvideo.jobs.lab.failover;
