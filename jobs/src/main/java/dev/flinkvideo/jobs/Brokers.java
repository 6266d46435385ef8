package dev.flinkvideo.jobs;

import java.time.Duration;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
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
    Properties all = new Properties();
    all.putAll(properties);
    all.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    all.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, withinMs);
    all.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, withinMs);
    Admin admin = null;
    try {
      admin = Admin.create(all);
      admin.describeCluster().nodes().get();
      return admin;
    } catch (ExecutionException | KafkaException e) {
      close(admin);
      throw new BrokerUnreachableException(message(bootstrap, properties, e), e);
    } catch (InterruptedException e) {
      close(admin);
      throw new InterruptException(e); // sets the interrupt flag again
    }
  }

  private static String message(String bootstrap, Properties properties, Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof AuthenticationException) {
      return "bootstrap=%s does not let this client in (%s): check sasl.* and ssl.* of its settings"
          .formatted(bootstrap, cause.getMessage());
    }
    String known =
        "no Kafka broker answers at bootstrap=%s (%s): check the address"
            .formatted(bootstrap, cause.getMessage());
    return properties.isEmpty()
        ? known
            + ", or start one with 'flink-video broker --port 9092'; for one with TLS or passwords say how to"
            + " authenticate"
        : known
            + " and the settings "
            + String.join(", ", new TreeSet<>(properties.stringPropertyNames()));
  }

  private static void close(Admin admin) {
    if (admin != null) {
      admin.close(Duration.ZERO);
    }
  }
}
