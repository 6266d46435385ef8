package dev.flinkvideo.jobs;

/** No Kafka broker answers where it should. The message is one line and names the address. */
public final class BrokerUnreachableException extends Exception {
  private static final long serialVersionUID = 1L;

  public BrokerUnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
