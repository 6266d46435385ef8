package dev.flinkvideo.peers;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Decides for {@link RequiresPeer}. */
final class PeerCondition implements ExecutionCondition {
  private static final String PATH = System.getenv().getOrDefault("PATH", "");

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    List<String> missing =
        AnnotationSupport.findAnnotation(context.getElement(), RequiresPeer.class)
            .map(required -> missing(required.value()))
            .orElse(List.of());
    return decide(missing, System.getProperty("peers", "optional").equals("required"));
  }

  static ConditionEvaluationResult decide(List<String> missing, boolean required) {
    if (missing.isEmpty()) {
      return ConditionEvaluationResult.enabled("all peers are here");
    }
    String what = "not on PATH: " + String.join(", ", missing);
    if (required) {
      throw new IllegalStateException(
          what + "; install it, or leave out -Dpeers=required to skip this test");
    }
    return ConditionEvaluationResult.disabled(what);
  }

  static List<String> missing(String... programs) {
    return Arrays.stream(programs).filter(program -> !isHere(program)).toList();
  }

  private static boolean isHere(String program) {
    return Path.of(program).isAbsolute() && Files.exists(Path.of(program))
        || isInDirectory(program);
  }

  private static boolean isInDirectory(String program) {
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(PATH)
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }
}
