package dev.onecycle.dataset.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files of a directory where the system gives no handle, as macOS and Windows. */
@Timeout(60)
class NamedFileTest {

  @TempDir private Path top;
  private Path file;

  @BeforeEach
  void aFile() throws IOException {
    top = top.toRealPath();
    Files.createDirectory(top.resolve("folder"));
    file = Files.writeString(top.resolve("folder/1.png"), "bytes");
  }

  @Test
  void aFileIsReadAndAFolderListed() throws IOException {
    NamedFile folder = NamedFile.of(file.getParent());

    assertThat(NamedFile.of(file).open()).hasContent("bytes");
    assertThat(folder.attributes().isDirectory()).isTrue();
    assertThat(folder.path()).isEqualTo(file.getParent());
    try (var entries = Files.list(folder.content())) {
      assertThat(entries).containsExactly(file);
    }
  }

  @Test
  void whatIsGoneIsSaidToBe() {
    assertThatThrownBy(() -> NamedFile.of(top.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aLinkIsRefused() throws IOException {
    Path link = Files.createSymbolicLink(top.resolve("link"), file);

    assertThat(NamedFile.of(link).attributes().isSymbolicLink()).isTrue();
    assertRefused(NamedFile.of(link), "it is no regular file any more");
    assertThatThrownBy(() -> NamedFile.of(link).read()).isInstanceOf(IOException.class);
  }

  @Test
  void aFileBehindALinkIsRefused() throws IOException {
    Files.createSymbolicLink(top.resolve("other"), file.getParent());

    assertRefused(NamedFile.of(top.resolve("other/1.png")), "it lies behind a link");
  }

  @Test
  void aPipeIsNotWaitedFor() throws Exception {
    Path pipe = top.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

    assertRefused(NamedFile.of(pipe), "it is no regular file any more");
  }

  private static void assertRefused(NamedFile file, String because) {
    assertThatThrownBy(file::open).isInstanceOf(IOException.class).hasMessage(because);
  }
}
