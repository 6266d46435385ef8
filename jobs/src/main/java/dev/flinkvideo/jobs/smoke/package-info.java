/**
 * Whether an installation does what it is for: pictures judged, a session moved, a failure
 * survived.
 */
package dev.flinkvideo.jobs.smoke;
