package dev.flinkvideo.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** The table of ACLs in {@code docs/deploy.md}, to be given to a broker. */
final class ListedAcls {
  private static final Path PAGE =
      Path.of(System.getProperty("project.root", ".."), "docs/deploy.md");

  private ListedAcls() {}

  /**
   * Rows such as {@code | job | topic | `video.segments` | Read | ... |}.
   *
   * @param topicPrefix that the topics have, unlike those of the table
   */
  static List<AclBinding> read(String topicPrefix) throws IOException {
    return Files.readAllLines(PAGE).stream()
        .filter(
            line ->
                line.matches("\\| (job|gateway|operator) \\| (topic|group|transactional id) .*"))
        .map(row -> binding(row, topicPrefix))
        .toList();
  }

  private static AclBinding binding(String row, String topicPrefix) {
    String[] cells = row.split("\\s*\\|\\s*");
    boolean prefixed = cells[3].endsWith("*`");
    String name = cells[3].replaceAll("[`*]", "");
    ResourceType type =
        ResourceType.fromString(cells[2].toUpperCase(Locale.ROOT).replace(' ', '_'));
    String prefix = type == ResourceType.TOPIC ? topicPrefix : "";
    return new AclBinding(
        new ResourcePattern(
            type, prefix + name, prefixed ? PatternType.PREFIXED : PatternType.LITERAL),
        new AccessControlEntry(
            "User:" + cells[1], "*", AclOperation.fromString(cells[4]), AclPermissionType.ALLOW));
  }
}
