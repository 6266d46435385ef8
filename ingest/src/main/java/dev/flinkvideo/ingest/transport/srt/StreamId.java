package dev.flinkvideo.ingest.transport.srt;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a caller asks for: a plain name, or key=value pairs as SRT's Access Control Guidelines have
 * them ({@code #!::r=NAME,m=publish}).
 *
 * @param stream the plain text or the resource; may be empty
 * @param publishes whether the caller sends: a plain name says nothing else
 */
record StreamId(String stream, boolean publishes) {
  private static final String PAIRS = "#!::";

  static StreamId parse(String text) {
    if (!text.startsWith(PAIRS)) {
      return new StreamId(text, true);
    }
    Map<String, String> pairs =
        Stream.of(text.substring(PAIRS.length()).split(","))
            .map(pair -> pair.split("=", 2))
            .filter(pair -> pair.length == 2)
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (first, again) -> first));
    String mode = pairs.getOrDefault("m", "publish");
    return new StreamId(pairs.getOrDefault("r", ""), mode.equals("publish"));
  }
}
