package dev.flinkvideo.ingest.transport;

/**
 * How a connection ended.
 *
 * @param detail for people, in one line and without secrets
 */
public record Ending(EndReason reason, String detail) {
  @Override
  public String toString() {
    return reason.label() + ": " + detail;
  }
}
