package dev.flinkvideo.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flinkvideo.protocol.wire.Segment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class SegmentPublisherTest {
  @Test
  void shouldSayAtTheNextCallThatNoBrokerAnswers() throws IOException {
    SegmentPublisher publisher = publisherWithoutBroker();
    Segment segment = Segment.newBuilder().setVersion(1).setSession("cam1").build();

    publisher.publish(segment);

    assertThatThrownBy(() -> publisher.publish(segment))
        .isInstanceOf(PublishException.class)
        .hasMessageContaining("topic=video.segments session=cam1")
        .hasMessageContaining("check the address");
    assertThat(publisher.failures()).isEqualTo(1);
    publisher.close();
  }

  @Test
  void shouldSayAtTheEndThatNoBrokerAnswered() throws IOException {
    SegmentPublisher publisher = publisherWithoutBroker();

    publisher.publishContainer("cam1", "video/mp4", new byte[7]);

    assertThatThrownBy(publisher::close).isInstanceOf(PublishException.class);
    assertThat(publisher.containers()).isEqualTo(1);
    assertThat(publisher.bytes()).isEqualTo(7);
  }

  private static SegmentPublisher publisherWithoutBroker() throws IOException {
    Properties connection = new Properties();
    connection.setProperty("bootstrap.servers", "127.0.0.1:" + unusedPort());
    connection.setProperty("max.block.ms", "100");
    return new SegmentPublisher(connection, "video.segments");
  }

  private static int unusedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
