package dev.flinkvideo.jobs;

import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;

/**
 * How the commands of the launcher reach a Kafka, and what our topics are called there. Holds
 * secrets: not to be printed. Immutable by agreement; any thread.
 *
 * @param settings of Kafka's clients besides the address, for example how to authenticate
 */
public record KafkaAccess(String bootstrap, Topics topics, Properties settings) {
  /** One that asks for nothing, with the names as the documentation has them. */
  public static KafkaAccess open(String bootstrap) {
    return new KafkaAccess(bootstrap, Topics.DEFAULT, new Properties());
  }

  /** Settings of one more client, for the caller to add to. */
  public Properties client() {
    Properties client = new Properties();
    client.putAll(settings);
    client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    return client;
  }

  /** An admin client of a broker that answered; the caller closes it. */
  public Admin connect() throws BrokerUnreachableException {
    return Brokers.connect(bootstrap, settings);
  }

  /** Names no secret. */
  @Override
  public String toString() {
    return "bootstrap=%s prefix=%s".formatted(bootstrap, topics.prefix());
  }
}
