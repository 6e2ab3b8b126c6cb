package dev.onecycle.dataset.files;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is put into a directory while it is imported. */
@Timeout(60)
class DirectoryFilesTest {

  private static final ImportLimits LIMITS = new ImportLimits(100, 100, 1_000, 10, 1_000);

  @TempDir private Path top;
  private Path root;
  private Path secrets;

  private final Map<String, String> seen = new TreeMap<>();
  private final PictureFiles.Visitor visitor =
      new PictureFiles.Visitor() {
        @Override
        public void folder(PicturePath path) {
          seen.put(path.toString(), "folder");
        }

        @Override
        public boolean wants(PicturePath path) {
          return path.isPicture();
        }

        @Override
        public void picture(PicturePath path, byte[] bytes) {
          seen.put(path.toString(), bytes.length + " bytes");
        }

        @Override
        public void sameAs(PicturePath path, String earlier) {
          throw new AssertionError(path);
        }

        @Override
        public void leftOut(PicturePath path, String why) {
          seen.put(path.toString(), why);
        }

        @Override
        public void note(String warning) {}

        @Override
        public void advanced(long bytes) {}
      };

  @BeforeEach
  void pictures() throws IOException {
    top = top.toRealPath();
    root = top.resolve("root");
    secrets = Files.createDirectories(top.resolve("secrets"));
    Files.createDirectories(root.resolve("train/cat"));
    Files.write(root.resolve("train/cat/1.png"), new byte[3]);
    Files.write(secrets.resolve("1.png"), new byte[5]);
  }

  private DirectoryFiles list() {
    return new DirectoryFiles(root.toString(), List.of(root), LIMITS, null, () -> {});
  }

  private void assertRefused(DirectoryFiles listed, String because) {
    assertThatThrownBy(() -> listed.visit(visitor))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("'train/cat/1.png' cannot be read: " + because)
        .extracting(Throwable::getMessage, as(STRING))
        .doesNotContain(top.toString());
    assertThat(seen).doesNotContainKey("train/cat/1.png");
  }

  @Test
  void linksPipesAndWhatIsHiddenAreNotRead() throws Exception {
    Files.createSymbolicLink(root.resolve("train/dog"), secrets);
    Files.createSymbolicLink(root.resolve("train/cat/2.png"), secrets.resolve("1.png"));
    Files.createDirectory(root.resolve(".venv"));
    Files.createSymbolicLink(root.resolve(".venv/python"), Path.of("/usr/bin/python3"));
    pipe(root.resolve("train/cat/3.png"));
    list().visit(visitor);
    assertThat(seen)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "train", "folder",
                "train/cat", "folder",
                "train/cat/1.png", "3 bytes",
                "train/cat/2.png", "is a link",
                "train/cat/3.png", "is a device, a pipe or a socket",
                "train/dog", "is a link"));
  }

  @Test
  void aFileSwappedForALinkIsNotFollowed() throws IOException {
    DirectoryFiles listed = list();
    Files.delete(root.resolve("train/cat/1.png"));
    Files.createSymbolicLink(root.resolve("train/cat/1.png"), secrets.resolve("1.png"));
    assertRefused(listed, "it is no regular file any more");
  }

  @Test
  void aFileSwappedForAPipeIsNotWaitedFor() throws Exception {
    DirectoryFiles listed = list();
    Files.delete(root.resolve("train/cat/1.png"));
    pipe(root.resolve("train/cat/1.png"));
    assertRefused(listed, "it is no regular file any more");
  }

  @Test
  void aFolderInTheMiddleSwappedForALinkIsNotFollowed() throws IOException {
    DirectoryFiles listed = list();
    Files.move(root.resolve("train/cat"), top.resolve("moved"));
    Files.createSymbolicLink(root.resolve("train/cat"), secrets);
    assertRefused(listed, "it lies behind a link");
  }

  @Test
  void aFileThatIsGoneIsSaidToBe() throws IOException {
    DirectoryFiles listed = list();
    Files.move(root.resolve("train"), top.resolve("moved"));
    assertRefused(listed, "it is gone");
  }

  @Test
  void onlyDirectoriesBelowTheRootsAreRead() throws IOException {
    Files.createSymbolicLink(root.resolve("out"), secrets);
    for (String path : List.of(root + "/out", root + "/..", root + "/train/cat/1.png", "\0", "x")) {
      assertThatThrownBy(() -> new DirectoryFiles(path, List.of(root), LIMITS, null, () -> {}))
          .isInstanceOf(Failure.Invalid.class)
          .hasMessageContaining("does not exist below");
    }
  }

  private static void pipe(Path path) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
  }
}
