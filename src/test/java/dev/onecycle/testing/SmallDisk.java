package dev.onecycle.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system in memory that can be filled to its last byte. */
public final class SmallDisk implements AutoCloseable {

  private final Path path;

  private SmallDisk(Path path) {
    this.path = path;
  }

  /** One of that size. Where this process may not mount any, the test is skipped and says so. */
  public static SmallDisk mount(Path empty, int megabytes)
      throws IOException, InterruptedException {
    Files.createDirectories(empty);
    String refused =
        run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", empty.toString());
    assumeTrue(refused.isEmpty(), () -> "no small disk: " + refused);
    return new SmallDisk(empty);
  }

  public Path path() {
    return path;
  }

  /** Takes all space that is left. */
  public void fill() throws IOException {
    byte[] bytes = new byte[4096];
    try (OutputStream out = Files.newOutputStream(ballast())) {
      while (true) {
        out.write(bytes);
      }
    } catch (IOException e) {
      if (path.toFile().getUsableSpace() > 0) {
        throw e;
      }
    }
  }

  /** Frees what {@link #fill} took. */
  public void makeSpace() throws IOException {
    Files.delete(ballast());
  }

  private Path ballast() {
    return path.resolve("ballast");
  }

  /** Whatever still has a file open there keeps it until then. */
  @Override
  public void close() throws IOException, InterruptedException {
    run("umount", "--lazy", path.toString());
  }

  /** What the command complains of; empty where it did as told. */
  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? "" : String.join(" ", command) + ": " + said;
  }
}
