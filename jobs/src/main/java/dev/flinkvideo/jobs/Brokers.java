package dev.flinkvideo.jobs;

import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** Opens admin clients that are known to be connected. Stateless; any thread. */
public final class Brokers {
  /** How long a person waits before being told that there is no broker. */
  public static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

  private Brokers() {}

  /** An admin client of a broker that answered; the caller closes it. */
  public static Admin connect(String bootstrap) throws BrokerUnreachableException {
    return connect(bootstrap, ANSWER_WITHIN);
  }

  /**
   * @param properties further settings of the client, for example how to authenticate
   */
  public static Admin connect(String bootstrap, Properties properties)
      throws BrokerUnreachableException {
    return connect(bootstrap, properties, ANSWER_WITHIN);
  }

  public static Admin connect(String bootstrap, Duration within) throws BrokerUnreachableException {
    return connect(bootstrap, new Properties(), within);
  }

  private static Admin connect(String bootstrap, Properties properties, Duration within)
      throws BrokerUnreachableException {
    int withinMs = Math.toIntExact(within.toMillis());
    Admin admin = null;
    try {
      Properties all = new Properties();
      all.putAll(properties);
      all.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
      all.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, withinMs);
      all.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, withinMs);
      admin = Admin.create(all);
      admin.describeCluster().nodes().get();
      return admin;
    } catch (ExecutionException | KafkaException e) {
      close(admin);
      throw new BrokerUnreachableException(
          "no Kafka broker answers at bootstrap=%s (%s): check the address, or start one with"
                  .formatted(bootstrap, reason(e))
              + " 'flink-video broker --port 9092'",
          e);
    } catch (InterruptedException e) {
      close(admin);
      throw new InterruptException(e); // sets the interrupt flag again
    }
  }

  private static String reason(Exception e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return cause.getMessage();
  }

  private static void close(Admin admin) {
    if (admin != null) {
      admin.close(Duration.ZERO);
    }
  }
}
