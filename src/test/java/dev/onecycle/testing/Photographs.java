package dev.onecycle.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Real photographs: some of those below the directory that {@code BENCH_PICTURES} names, in {@code
 * train/LABEL/} and {@code val/LABEL/}. Tests that want them are skipped where it names none.
 */
public final class Photographs {

  private Photographs() {}

  /** The directory that {@code BENCH_PICTURES} names. */
  public static Path root() {
    String named = System.getenv("BENCH_PICTURES");
    assumeTrue(named != null, "BENCH_PICTURES names no directory");
    return Path.of(named);
  }

  /** At most so many files below {@link #root}, the same ones every time. */
  public static List<Path> some(int count) throws IOException {
    try (Stream<Path> files = Files.walk(root())) {
      List<Path> all = new ArrayList<>(files.filter(Files::isRegularFile).sorted().toList());
      Collections.shuffle(all, new Random(1));
      return all.subList(0, Math.min(count, all.size()));
    }
  }

  /**
   * Imports so many of them and answers the dataset once it is READY.
   *
   * @param allowed a directory from which the server imports
   */
  public static UUID into(Http http, Path allowed, int count) throws IOException {
    Path folder = allowed.resolve("photographs");
    for (Path file : some(count)) {
      Path copied = folder.resolve(root().relativize(file));
      Files.createDirectories(copied.getParent());
      Files.copy(file, copied);
    }
    Map<String, ?> source = Map.of("type", "directory", "path", folder.toString());
    return SampleImport.ready(
        http, http.post("/api/v1/datasets", Map.of("name", "photographs", "source", source)));
  }
}
