package dev.onecycle.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The only folder of a script's PATH: it finds what is offered there, and nothing else. */
public final class ToolFolder {

  private final Path folder;

  /** Makes the folder. */
  public ToolFolder(Path folder) throws IOException {
    this.folder = Files.createDirectory(folder);
  }

  public Path path() {
    return folder;
  }

  /** Offers those tools of this machine that it has. */
  public void offer(String[] tools) throws IOException {
    for (String tool : tools) {
      if (find(tool) != null) {
        offer(tool, ":");
      }
    }
  }

  /** Offers a tool of this machine, behind a line for the shell. */
  public void offer(String tool, String before) throws IOException {
    script(tool, before + "\nexec '" + find(tool) + "' \"$@\"");
  }

  /** Offers a tool that is a line for the shell. */
  public void script(String tool, String line) throws IOException {
    script(folder.resolve(tool), line);
  }

  /** Where this machine has a tool, or null. */
  public static @Nullable Path find(String tool) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .map(directory -> Path.of(directory, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  /** Makes an executable file of a line for the shell. */
  public static void script(Path file, String line) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + line + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
