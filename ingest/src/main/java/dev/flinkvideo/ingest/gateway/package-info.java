/**
 * Keeps open exactly the connections that commands name, and reports what became of them. It never
 * retries and never chooses: that is the session's business, elsewhere.
 */
package dev.flinkvideo.ingest.gateway;
