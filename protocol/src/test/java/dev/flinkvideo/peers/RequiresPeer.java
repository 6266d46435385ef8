package dev.flinkvideo.peers;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * This test talks to a program from outside this project, found on {@code PATH}. Where it is
 * missing the test is skipped and names it; with {@code -Dpeers=required} the test fails instead.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(PeerCondition.class)
public @interface RequiresPeer {
  /** Names of the programs, e.g. {@code ffmpeg}; absolute paths of what is no program. */
  String[] value();
}
