package dev.onecycle.dataset;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.onecycle.platform.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class DirectoryReaderTest {

  @TempDir private Path top;
  private Path root;
  private DirectoryReader reader;

  @BeforeEach
  void root() throws IOException {
    root = Files.createDirectories(top.toRealPath().resolve("root"));
    reader =
        new DirectoryReader(
            new DatasetProperties(
                List.of(root),
                DataSize.ofMegabytes(1),
                DataSize.ofMegabytes(1),
                DataSize.ofBytes(10),
                8,
                200,
                Duration.ofHours(1),
                Duration.ofMinutes(5),
                1,
                1,
                1_000_000,
                DataSize.ofBytes(0)));
  }

  private DirectoryPictures list(String path) {
    return reader.list(path, () -> false);
  }

  private Path write(String name, int bytes) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, new byte[bytes]);
  }

  @Test
  void listsPicturesByPath() throws IOException {
    for (String name : List.of("b.png", "a/z.jpg", "a/notes.txt", ".thumbs/a.png", "a.gif")) {
      write(name, 3);
    }
    DirectoryPictures found = list(root.toString());
    assertThat(IntStream.range(0, found.size()).mapToObj(found::path))
        .containsExactly("a.gif", "a/z.jpg", "b.png");
    assertThat(found.bytes(1)).hasSize(3);
  }

  @Test
  void refusesWhatLiesElsewhere() throws IOException {
    Files.createDirectories(top.resolve("root-of-another"));
    for (String path :
        List.of("/etc", root + "/..", root + "-of-another", "root", root + "/none")) {
      assertThatThrownBy(() -> reader.requireAllowed(path))
          .as(path)
          .isInstanceOf(Failure.Invalid.class);
      assertThatThrownBy(() -> list(path)).as(path).isInstanceOf(Failure.Invalid.class);
    }
    reader.requireAllowed(root.toString());
  }

  @Test
  void refusesTooManyFiles() throws IOException {
    for (int i = 0; i < 8; i++) {
      write(i + ".png", 1);
      write(".git/" + i, 1);
    }
    assertThat(list(root.toString()).size()).isEqualTo(8);
    write("8.png", 1);
    assertThatThrownBy(() -> list(root.toString())).hasMessageContaining("9 files");
  }

  @Test
  void stopsListingWhenTold() throws IOException {
    write("a.png", 1);
    assertThatThrownBy(() -> reader.list(root.toString(), () -> true))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void aLinkIsAProblemOfItsOwn() throws IOException {
    Path secret = Files.write(top.resolve("secret.png"), new byte[3]);
    Files.createSymbolicLink(root.resolve("a.png"), secret);
    Files.createDirectory(root.resolve(".venv"));
    Files.createSymbolicLink(root.resolve(".venv/python"), secret);
    write("b.png", 3);
    DirectoryPictures found = list(root.toString());
    assertThat(found.size()).isEqualTo(2);
    assertThatThrownBy(() -> found.bytes(0)).hasMessageContaining("no regular file");
    assertThat(found.bytes(1)).hasSize(3);
  }

  @Test
  void aPictureThatChangedMeanwhileIsAProblemOfItsOwn() throws IOException {
    Path gone = write("a.png", 3);
    Path linked = write("b/b.png", 3);
    write("c.png", 11);
    write("d.png", 10);
    DirectoryPictures found = list(root.toString());
    Files.delete(gone);
    Files.delete(linked);
    Files.delete(linked.getParent());
    Path elsewhere = Files.createDirectories(top.resolve("elsewhere"));
    Files.write(elsewhere.resolve("b.png"), new byte[3]);
    Files.createSymbolicLink(linked.getParent(), elsewhere);

    assertThatThrownBy(() -> found.bytes(0)).hasMessageContaining("it is gone");
    assertThatThrownBy(() -> found.bytes(1)).hasMessageContaining("it lies behind a link");
    assertThatThrownBy(() -> found.bytes(2)).hasMessageContaining("max");
    assertThat(found.bytes(3)).hasSize(10);
    for (int i = 0; i < 3; i++) {
      int picture = i;
      assertThatThrownBy(() -> found.bytes(picture))
          .extracting(Throwable::getMessage, as(STRING))
          .doesNotContain(top.toString());
    }
  }

  @Test
  @Timeout(60)
  void aPipeIsNotWaitedFor() throws Exception {
    Path swapped = write("a.png", 3);
    DirectoryPictures found = list(root.toString());
    Files.delete(swapped);
    assertThat(new ProcessBuilder("mkfifo", swapped.toString()).start().waitFor()).isZero();
    assertThatThrownBy(() -> found.bytes(0)).hasMessageContaining("no regular file");
    assertThat(list(root.toString()).size()).isEqualTo(1);
  }

  /** Names are bytes to the file system, whatever this process' locale makes of them. */
  @Test
  void takesNamesAsTheFileSystemHasThem() throws IOException {
    write("caf\u00e9 %41?#/\u00e4.png", 3);
    assertThat(list(root.toString()).bytes(0)).hasSize(3);
  }
}
