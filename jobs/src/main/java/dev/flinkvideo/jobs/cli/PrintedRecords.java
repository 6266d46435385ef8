package dev.flinkvideo.jobs.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Prints records as they come, a line each, until enough are printed, nothing more comes, or the
 * reader of the lines goes away. One thread, the caller's.
 *
 * @param timeout without a printed record; zero waits for ever
 */
record PrintedRecords(PrintWriter out, long max, Duration timeout) {
  /**
   * @param poll gives what came, perhaps nothing, and waits for it a moment
   * @param line of a record; empty if it is not to be printed
   */
  void print(
      Supplier<Iterable<ConsumerRecord<byte[], byte[]>>> poll,
      Function<ConsumerRecord<byte[], byte[]>, Optional<String>> line) {
    long printed = 0;
    long lastAtNs = System.nanoTime();
    while (printed < max) {
      for (ConsumerRecord<byte[], byte[]> record : poll.get()) {
        Optional<String> text = line.apply(record);
        if (text.isEmpty()) {
          continue;
        }
        out.println(text.get());
        printed++;
        lastAtNs = System.nanoTime();
        if (out.checkError() || printed == max) { // flushes; an error is a reader that went away
          return;
        }
      }
      if (!timeout.isZero() && System.nanoTime() - lastAtNs > timeout.toNanos()) {
        return;
      }
    }
  }
}
