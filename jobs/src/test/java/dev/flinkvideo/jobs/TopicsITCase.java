package dev.flinkvideo.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flinkvideo.jobs.broker.EmbeddedBroker;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TopicsITCase {
  private static EmbeddedBroker broker;
  private static Admin admin;

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start();
    admin = Brokers.connect(broker.bootstrap());
  }

  @AfterAll
  static void stop() {
    admin.close();
    broker.close();
  }

  @Test
  void shouldCreateTheTopicsOfTheJobOnce() throws Exception {
    Topics topics = new Topics("created.");

    topics.ensure(broker.bootstrap(), TopicCreation.unreplicated(3));
    topics.ensure(broker.bootstrap(), TopicCreation.unreplicated(5));
    topics.ensure(broker.bootstrap(), TopicCreation.FORBIDDEN);

    assertThat(admin.listTopics().names().get())
        .filteredOn(name -> name.startsWith("created."))
        .containsExactlyInAnyOrder(
            "created.video.segments",
            "created.video.sessions",
            "created.video.commands",
            "created.video.reports",
            "created.video.observations",
            "created.video.events",
            "created.video.status",
            "created.video.rejected");
    assertThat(setting(topics.commands(), "cleanup.policy")).isEqualTo("compact");
    assertThat(setting(topics.sessions(), "cleanup.policy")).isEqualTo("compact");
    assertThat(setting(topics.status(), "cleanup.policy")).isEqualTo("compact");
    assertThat(setting(topics.reports(), "cleanup.policy")).isEqualTo("delete");
    assertThat(
            admin
                .describeTopics(List.of(topics.segments()))
                .allTopicNames()
                .get()
                .get(topics.segments())
                .partitions())
        .hasSize(3);
    assertThat(setting(topics.segments(), "message.timestamp.type")).isEqualTo("LogAppendTime");
    assertThat(setting(topics.segments(), "max.message.bytes")).isEqualTo("1048576");
  }

  @Test
  void shouldNameTheTopicsThatAreMissingAndTheOptionThatCreatesThem() {
    Topics topics = new Topics("missing.");

    assertThatThrownBy(() -> topics.ensure(admin, TopicCreation.FORBIDDEN))
        .isInstanceOf(TopicsException.class)
        .hasMessageContainingAll(
            "missing.video.segments, missing.video.sessions, missing.video.reports, missing.video.observations",
            "missing.video.events, missing.video.commands, missing.video.status, missing.video.rejected")
        .hasMessageContaining("--topics.create true");
  }

  @Test
  void shouldSayWhyATopicCannotBeCreated() {
    TopicCreation tooMany = new TopicCreation(true, 1, (short) 3);

    assertThatThrownBy(() -> new Topics("never.").ensure(admin, tooMany))
        .isInstanceOf(TopicsException.class)
        .hasMessageContaining("cannot create topic=never.video.")
        .hasMessageContaining("eplication factor");
  }

  @Test
  void shouldNameTheAddressWhereNoBrokerAnswers() {
    assertThatThrownBy(() -> Brokers.connect("127.0.0.1:1", Duration.ofSeconds(1)))
        .isInstanceOf(BrokerUnreachableException.class)
        .hasMessageContaining("bootstrap=127.0.0.1:1");
    assertThatThrownBy(() -> Brokers.connect("nowhere", Duration.ofSeconds(1)))
        .isInstanceOf(BrokerUnreachableException.class)
        .hasMessageContaining("bootstrap=nowhere");
  }

  private static String setting(String topic, String name) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return admin.describeConfigs(List.of(resource)).all().get().get(resource).get(name).value();
  }
}
