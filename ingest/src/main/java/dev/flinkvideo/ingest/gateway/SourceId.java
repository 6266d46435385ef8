package dev.flinkvideo.ingest.gateway;

/** A source of a session. */
record SourceId(String session, String source) {}
