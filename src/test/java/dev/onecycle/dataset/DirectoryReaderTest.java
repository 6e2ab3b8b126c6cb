package dev.onecycle.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.platform.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
                DataSize.ofBytes(0)));
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
    DirectoryPictures found = reader.list(root.toString());
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
      assertThatThrownBy(() -> reader.list(path)).as(path).isInstanceOf(Failure.Invalid.class);
    }
    reader.requireAllowed(root.toString());
  }

  @Test
  void refusesLinksAndTooManyFiles() throws IOException {
    Path link = Files.createSymbolicLink(root.resolve("link.png"), Path.of("/etc/passwd"));
    assertThatThrownBy(() -> reader.list(root.toString())).hasMessage("link.png is a link");
    Files.delete(link);
    for (int i = 0; i < 9; i++) {
      write(i + ".png", 1);
    }
    assertThatThrownBy(() -> reader.list(root.toString())).hasMessageContaining("9 files");
  }

  @Test
  void aPictureThatChangedMeanwhileIsAProblemOfItsOwn() throws IOException {
    Path gone = write("a.png", 3);
    Path linked = write("b/b.png", 3);
    write("c.png", 11);
    write("d.png", 10);
    DirectoryPictures found = reader.list(root.toString());
    Files.delete(gone);
    Files.delete(linked);
    Files.delete(linked.getParent());
    Path elsewhere = Files.createDirectories(top.resolve("elsewhere"));
    Files.write(elsewhere.resolve("b.png"), new byte[3]);
    Files.createSymbolicLink(linked.getParent(), elsewhere);

    assertThatThrownBy(() -> found.bytes(0)).hasMessageContaining("is gone");
    assertThatThrownBy(() -> found.bytes(1)).hasMessageContaining("replaced by a link");
    assertThatThrownBy(() -> found.bytes(2)).hasMessageContaining("max");
    assertThat(found.bytes(3)).hasSize(10);
  }
}
