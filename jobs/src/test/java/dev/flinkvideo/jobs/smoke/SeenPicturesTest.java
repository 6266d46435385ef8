package dev.flinkvideo.jobs.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class SeenPicturesTest {
  private final SeenPictures.Session session = new SeenPictures.Session();

  @Test
  void shouldCountAPictureOnceHoweverOftenItIsTold() throws Exception {
    session.add(observation(7, 0, "\"lumaMean\": 16.5, \"timing\": {\"emittedUs\": 1}"));
    session.add(observation(7, 0, "\"lumaMean\": 16.5, \"timing\": {\"emittedUs\": 2}"));
    session.add(observation(7, 1, "\"lumaMean\": 16.5"));

    assertThat(session.pictures()).isEqualTo(2);
    assertThat(session.repeated()).isEqualTo(1);
    assertThat(session.contradicted()).isZero();
  }

  @Test
  void shouldCountThePicturesOfAnInterval() throws Exception {
    session.add(observation(7, 0, "\"frames\": 25"));
    session.add(observation(9, 3, "\"frames\": 24"));

    assertThat(session.pictures()).isEqualTo(49);
  }

  @Test
  void shouldTellThatTheSamePictureIsSaidToBeAnother() throws Exception {
    session.add(observation(7, 0, "\"lumaMean\": 16.5"));
    session.add(observation(7, 0, "\"lumaMean\": 99.5"));

    assertThat(session.pictures()).isEqualTo(1);
    assertThat(session.contradicted()).isEqualTo(1);
  }

  private static ObjectNode observation(int sequence, int frame, String more) throws Exception {
    return (ObjectNode)
        new ObjectMapper()
            .readTree(
                "{\"source\": \"a\", \"epoch\": 1, \"openedAtMs\": 2, \"sequence\": %d, \"frame\": %d, %s}"
                    .formatted(sequence, frame, more));
  }
}
