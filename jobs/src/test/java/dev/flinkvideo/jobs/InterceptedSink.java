package dev.flinkvideo.jobs;

import java.io.IOException;
import java.io.Serializable;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** A sink before which a test does something with each value: waits, or fails. */
record InterceptedSink<T>(Sink<T> sink, Interception<T> before) implements Sink<T> {
  private static final long serialVersionUID = 1L;

  /** What is done; in the task's thread. */
  interface Interception<T> extends Serializable {
    void accept(T value) throws IOException, InterruptedException;
  }

  @Override
  public SinkWriter<T> createWriter(WriterInitContext context) throws IOException {
    SinkWriter<T> writer = sink.createWriter(context);
    return new SinkWriter<>() {
      @Override
      public void write(T value, Context at) throws IOException, InterruptedException {
        before.accept(value);
        writer.write(value, at);
      }

      @Override
      public void flush(boolean endOfInput) throws IOException, InterruptedException {
        writer.flush(endOfInput);
      }

      @Override
      public void close() throws IOException {
        try {
          writer.close();
        } catch (Exception e) {
          throw new IOException(e);
        }
      }
    };
  }
}
