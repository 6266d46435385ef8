package dev.flinkvideo.operators;

import dev.flinkvideo.operators.admission.AdmissionFunction;
import dev.flinkvideo.operators.admission.Admitted;
import dev.flinkvideo.operators.admission.AdmittedSerializer;
import dev.flinkvideo.operators.decode.DecodeOperator;
import dev.flinkvideo.operators.decode.DecodeOperatorFactory;
import dev.flinkvideo.operators.decode.DecodeOptions;
import dev.flinkvideo.operators.kafka.JsonRecordSerializer;
import dev.flinkvideo.operators.kafka.RejectedRecord;
import dev.flinkvideo.operators.kafka.SegmentRecord;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.Observation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.memory.ManagedMemoryUseCase;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.SideOutputDataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * The way from records of the segments topic to what was seen, as three streams to build a job on.
 *
 * <pre>
 *   records -> keyBy session -> admission -> (forward) decode and judge -> observations
 *                                  |                        +-----------> events
 *                                  +------------------------------------> rejected
 * </pre>
 *
 * @param observations one per picture or per interval
 * @param events alarms, drops, connections, stalls, in order per session
 * @param rejected records that could not be read
 */
public record VideoAnalytics(
    DataStream<Observation> observations,
    DataStream<Event> events,
    DataStream<RejectedRecord> rejected) {

  /**
   * @param options of {@code AdmissionOptions}, {@code DecodeOptions} and {@code AnalyzeOptions}
   */
  public static VideoAnalytics of(DataStream<SegmentRecord> records, Configuration options) {
    SingleOutputStreamOperator<Admitted> admitted =
        records
            .keyBy(SegmentRecord::session, Types.STRING)
            .process(new AdmissionFunction(options), AdmittedSerializer.TYPE)
            .name("admission")
            .uid("admission");
    // Keyed like admission, which it is chained to: a decoder's state goes where its session goes.
    SingleOutputStreamOperator<Observation> observations =
        DataStreamUtils.reinterpretAsKeyedStream(admitted, Admitted::session, Types.STRING)
            .transform(
                "decode", JsonRecordSerializer.OBSERVATIONS, new DecodeOperatorFactory(options))
            .name("decode")
            .uid("decode");
    observations
        .getTransformation()
        .declareManagedMemoryUseCaseAtOperatorScope(
            ManagedMemoryUseCase.OPERATOR, options.get(DecodeOptions.MEMORY_WEIGHT));
    SideOutputDataStream<RejectedRecord> rejected =
        admitted.getSideOutput(AdmissionFunction.REJECTED);
    return new VideoAnalytics(
        observations, observations.getSideOutput(DecodeOperator.EVENTS), rejected);
  }
}
