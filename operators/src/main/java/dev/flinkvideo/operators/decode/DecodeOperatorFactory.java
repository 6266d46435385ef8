package dev.flinkvideo.operators.decode;

import dev.flinkvideo.operators.admission.Admitted;
import dev.flinkvideo.protocol.Observation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes the decode operator on the task thread, where nothing native exists yet. */
public final class DecodeOperatorFactory extends AbstractStreamOperatorFactory<Observation>
    implements OneInputStreamOperatorFactory<Admitted, Observation> {
  private static final long serialVersionUID = 1L;

  private final Configuration options;

  public DecodeOperatorFactory(Configuration options) {
    this.options = options;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T extends StreamOperator<Observation>> T createStreamOperator(
      StreamOperatorParameters<Observation> parameters) {
    return (T) new DecodeOperator(parameters, options);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return DecodeOperator.class;
  }
}
