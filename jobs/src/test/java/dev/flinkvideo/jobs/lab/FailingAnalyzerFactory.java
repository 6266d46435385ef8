package dev.flinkvideo.jobs.lab;

import dev.flinkvideo.operators.analyze.Analyzer;
import dev.flinkvideo.operators.analyze.AnalyzerFactory;
import dev.flinkvideo.operators.analyze.Findings;
import dev.flinkvideo.operators.analyze.PictureMeasures;
import dev.flinkvideo.operators.frame.Frame;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.flink.configuration.ReadableConfig;

/** An analyzer of somebody else, in a jar of its own, that takes its task down again and again. */
public final class FailingAnalyzerFactory implements AnalyzerFactory {
  static final String NAME = "failing";

  private static final int PICTURES_BEFORE = 40;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Analyzer create(ReadableConfig options) {
    return new FailingAnalyzer();
  }

  /** Writes the jar for {@code flink run -C}. */
  static Path jar(Path directory) throws IOException {
    Path file = directory.resolve("failing-analyzer.jar");
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
      for (Class<?> type : List.of(FailingAnalyzerFactory.class, FailingAnalyzer.class)) {
        String entry = type.getName().replace('.', '/') + ".class";
        jar.putNextEntry(new JarEntry(entry));
        try (InputStream bytes = type.getClassLoader().getResourceAsStream(entry)) {
          bytes.transferTo(jar);
        }
      }
      jar.putNextEntry(new JarEntry("META-INF/services/" + AnalyzerFactory.class.getName()));
      jar.write(FailingAnalyzerFactory.class.getName().getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  /** Of one session. */
  static final class FailingAnalyzer implements Analyzer {
    private int pictures;

    @Override
    public void analyze(Frame frame, PictureMeasures measures, Findings findings) {
      if (++pictures > PICTURES_BEFORE) {
        throw new IllegalStateException("the analyzer fails, as it was told to");
      }
    }
  }
}
