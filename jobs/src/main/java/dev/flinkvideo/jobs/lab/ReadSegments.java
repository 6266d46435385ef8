package dev.flinkvideo.jobs.lab;

import dev.flinkvideo.jobs.Brokers;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.jobs.cluster.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/** How far a job has come in the segments topic. Stateless. */
public final class ReadSegments {
  private static final Duration READ_WITHIN = Duration.ofMinutes(5);

  private ReadSegments() {}

  /** Until the job has read such a share of what is on the topic and a checkpoint says so. */
  public static void await(String bootstrap, String group, double share) throws Exception {
    try (Admin admin = Brokers.connect(bootstrap)) {
      long end = Math.round(share * end(admin));
      Waiting.until(
          "group %s has read %d segments".formatted(group, end),
          READ_WITHIN,
          () -> committed(admin, group) >= end);
    }
  }

  private static long committed(Admin admin, String group) throws Exception {
    return admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get()
        .values()
        .stream()
        .mapToLong(OffsetAndMetadata::offset)
        .sum();
  }

  private static long end(Admin admin) throws Exception {
    String topic = Topics.DEFAULT.segments();
    List<TopicPartitionInfo> partitions =
        admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions();
    Map<TopicPartition, OffsetSpec> latest =
        partitions.stream()
            .collect(
                Collectors.toMap(
                    info -> new TopicPartition(topic, info.partition()),
                    info -> OffsetSpec.latest()));
    return admin.listOffsets(latest).all().get().values().stream()
        .mapToLong(ListOffsetsResultInfo::offset)
        .sum();
  }
}
