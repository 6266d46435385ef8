package dev.flinkvideo.jobs.broker;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes a directory with all that is in it; what cannot be deleted is logged, never thrown. */
final class DirectoryRemoval extends SimpleFileVisitor<Path> {
  private static final Logger LOG = LoggerFactory.getLogger(DirectoryRemoval.class);

  private DirectoryRemoval() {}

  static void remove(Path directory) {
    try {
      Files.walkFileTree(directory, new DirectoryRemoval());
    } catch (IOException e) {
      LOG.warn("cannot delete directory={}: delete it by hand", directory, e);
    }
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    Files.deleteIfExists(file);
    return FileVisitResult.CONTINUE;
  }

  /** Kafka's last threads may delete a file while we list it. */
  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) {
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path visited, IOException e) throws IOException {
    Files.deleteIfExists(visited);
    return FileVisitResult.CONTINUE;
  }
}
