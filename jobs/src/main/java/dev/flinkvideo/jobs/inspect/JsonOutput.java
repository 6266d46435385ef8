package dev.flinkvideo.jobs.inspect;

import static dev.flinkvideo.operators.analyze.PictureMeasures.written;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.flinkvideo.operators.analyze.PictureMeasures;
import dev.flinkvideo.protocol.EncodedUnit;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** One JSON object per picture in output order, then one with the summary. */
public final class JsonOutput implements InspectOutput {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final PrintWriter out;
  private final JsonGenerator json;

  public JsonOutput(PrintWriter out) throws IOException {
    this.out = out;
    this.json = new JsonFactory(MAPPER).createGenerator(out).setRootValueSeparator(null);
  }

  @Override
  public void begin(InspectedStream stream) {}

  @Override
  public void frame(InspectedFrame frame) {
    try {
      write(frame);
      json.flush();
      out.print('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void end(InspectSummary summary) {
    try {
      out.print(MAPPER.writeValueAsString(Map.of("summary", summary)));
      out.print('\n');
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(InspectedFrame frame) throws IOException {
    PictureMeasures measures = frame.measures();
    json.writeStartObject();
    if (frame.pts() == EncodedUnit.NO_TIME) {
      json.writeNullField("pts");
    } else {
      json.writeNumberField("pts", frame.pts());
    }
    json.writeNumberField("timeNs", frame.timeNs());
    json.writeBooleanField("key", frame.decoded().key());
    json.writeBooleanField("damaged", frame.decoded().damaged());
    json.writeNumberField("widthPx", frame.decoded().frame().widthPx());
    json.writeNumberField("heightPx", frame.decoded().frame().heightPx());
    json.writeStringField("pixelFormat", frame.decoded().frame().format().name());
    json.writeNumberField("lumaMean", written(measures.lumaMean()));
    json.writeNumberField("contrast", written(measures.contrast()));
    json.writeNumberField("saturation", written(measures.saturation()));
    json.writeNumberField("blackShare", written(measures.blackShare()));
    json.writeNumberField("difference", written(measures.difference()));
    json.writeNumberField("sharpness", written(measures.sharpness()));
    json.writeNumberField("blockiness", written(measures.blockiness()));
    json.writeNumberField("sceneScore", written(measures.sceneScore()));
    json.writeStringField("md5", frame.md5());
    json.writeEndObject();
  }
}
