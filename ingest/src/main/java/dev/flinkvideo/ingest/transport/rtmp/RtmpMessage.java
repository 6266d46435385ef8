package dev.flinkvideo.ingest.transport.rtmp;

/**
 * One whole message, put together from its chunks.
 *
 * @param type one of the constants; section 5.4 and 7.1 of the specification
 * @param timestampMs wraps at 32 bits
 */
record RtmpMessage(int type, int timestampMs, int streamId, byte[] payload) {
  static final int SET_CHUNK_SIZE = 1;
  static final int ABORT = 2;
  static final int ACKNOWLEDGEMENT = 3;
  static final int USER_CONTROL = 4;
  static final int WINDOW_SIZE = 5;
  static final int PEER_BANDWIDTH = 6;
  static final int AUDIO = 8;
  static final int VIDEO = 9;
  static final int COMMAND_AMF3 = 17;
  static final int DATA_AMF0 = 18;
  static final int COMMAND_AMF0 = 20;

  boolean isMedia() {
    return type == AUDIO || type == VIDEO;
  }

  boolean isCommand() {
    return type == COMMAND_AMF0 || type == COMMAND_AMF3;
  }
}
