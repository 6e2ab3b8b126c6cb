package dev.onecycle.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.onecycle.dataset.pixels.Audit;
import dev.onecycle.dataset.pixels.PackSummary;
import dev.onecycle.store.DiskSpace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.util.unit.DataSize;

/** An import of a directory by itself, also as a process with a heap of its own. */
final class DirectoryImport {

  private DirectoryImport() {}

  static PackSummary of(Path directory, Path pack) throws IOException {
    DatasetProperties properties =
        new DatasetProperties(
            List.of(directory),
            DataSize.ofGigabytes(1),
            DataSize.ofGigabytes(1),
            DataSize.ofMegabytes(1),
            3_000_000,
            100,
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            1,
            1,
            1_000_000,
            DataSize.ofMegabytes(1));
    return new SourcePacker(properties, null, new DiskSpace(0))
        .pack(
            new Source(Source.Type.DIRECTORY, directory.toString(), null, null),
            SourcePacker.Sent.nothing(),
            ImportSpec.byDefault(),
            pack,
            new ImportProgress())
        .summary();
  }

  /** Imports in a process with so much heap; answers what {@link #main} says. */
  static String inHeapOf(int megabytes, Path directory, Path pack)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + megabytes + "m", "-XX:+UseSerialGC"));
    command.addAll(List.of("-Dorg.bytedeco.javacpp.maxPhysicalBytes=0"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(DirectoryImport.class.getName());
    command.addAll(List.of(directory.toString(), pack.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      process.waitFor();
      return said;
    } finally {
      process.destroyForcibly();
    }
  }

  /** Says what was found in the directory that is the first argument. */
  public static void main(String... arguments) throws IOException {
    PackSummary found = of(Path.of(arguments[0]), Path.of(arguments[1]));
    Audit audit = found.audit();
    System.out.printf(
        "%d pictures of %d labels, %d groups of equal ones, %d that look alike%n",
        found.pictures(),
        found.labels().size(),
        audit.exactDuplicates().count(),
        audit.nearDuplicates().count());
  }
}
