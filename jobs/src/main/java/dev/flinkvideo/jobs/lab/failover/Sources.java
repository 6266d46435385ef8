package dev.flinkvideo.jobs.lab.failover;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flinkvideo.protocol.SourceSpecification;
import java.io.IOException;
import java.time.Duration;

/**
 * The sources of an experiment's sessions, and the gateway that obeys commands about them. All show
 * one programme, picture by picture at the same time and in the same encoding, until they are made
 * to do something else. Scenarios know of sources no more than this, so that they run on any kind.
 * Called by one thread.
 */
interface Sources extends AutoCloseable {
  /** Makes a source, which is good from now on; a session's may be asked for again. */
  SourceSpecification add(String session, String name) throws IOException;

  /** Takes effect before the next picture. */
  void set(String session, String name, Condition condition) throws IOException;

  /**
   * Which picture of the programme, counted from anywhere, an observation shows.
   *
   * @param observation as it is on the topic
   */
  long picture(JsonNode observation);

  /** From one picture to the next. */
  double pictureSeconds();

  /** The longest time from asking for a connection to its first key frame. */
  Duration firstKeyFrameWithin();

  @Override
  void close() throws IOException;
}
