package dev.flinkvideo.ingest.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.flinkvideo.protocol.ConnectionStatistics;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SourceTransport;

/**
 * One connection as {@code GET /v1/connections} shows it.
 *
 * @param passedOver packets that are no video: sound, data
 * @param groupsGivenUp groups of pictures too long to be kept for going live
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ConnectionView(
    String session,
    String source,
    SourceTransport transport,
    boolean pushed,
    Role role,
    long connection,
    Long epoch,
    Long openedAtMs,
    long passedOver,
    long groupsGivenUp,
    ConnectionStatistics statistics) {

  static ConnectionView of(OpenConnection open) {
    return new ConnectionView(
        open.id().session(),
        open.id().source(),
        open.desired().source().transport(),
        open.desired().source().isPushed(),
        open.desired().role(),
        open.number(),
        open.epoch(),
        open.openedAtMs(),
        open.feed().passedOver(),
        open.feed().groupsGivenUp(),
        open.statistics());
  }
}
