/**
 * Decides, per session, when to reconnect and to which source, from reports, alarms and deadlines.
 */
package dev.flinkvideo.operators.session;
