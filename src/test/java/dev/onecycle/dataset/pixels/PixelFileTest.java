package dev.onecycle.dataset.pixels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.image.Picture;
import dev.onecycle.image.PictureEncoder;
import dev.onecycle.image.Presize;
import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PixelFileTest {

  private static final int ITEM_SIZE = 32;

  @TempDir Path directory;

  private PackedPictures pack;
  private Path file;

  @BeforeEach
  void draw() throws IOException {
    Path packed = directory.resolve("pack.zip");
    try (Packer packer = new Packer(packed)) {
      add(packer, "a/small.png", 40, 33);
      add(packer, "a/large.png", 141, 99);
      add(packer, "b/larger.png", 290, 201);
      add(packer, "b/tall.png", 35, 180);
      packer.finish(SplitSpec.byDefault());
    }
    pack = PackedPictures.open(packed);
    file = directory.resolve("pixels");
  }

  @AfterEach
  void close() throws IOException {
    pack.close();
  }

  private static void add(Packer packer, String path, int width, int height) throws IOException {
    byte[] rgb = new byte[3 * width * height];
    new Seed(width).generator().nextBytes(rgb);
    packer.add(PicturePath.of(path), PictureEncoder.png(new Picture(width, height, rgb)));
  }

  private PixelFile written(int threads) throws IOException {
    new PixelWriter(pack, ITEM_SIZE).write(file, threads, done -> {}, () -> false);
    return PixelFile.open(file, pack, ITEM_SIZE);
  }

  private static byte[] pixels(Picture picture) {
    return Arrays.copyOf(picture.rgb(), picture.length());
  }

  @Test
  void holdsWhatDecodingGives() throws IOException {
    try (PixelFile kept = written(3);
        PixelFile decoded = PixelFile.none(pack, ITEM_SIZE)) {
      assertThat(kept.size()).isEqualTo(4);
      for (int i = 0; i < kept.size(); i++) {
        assertThat(pixels(kept.picture(i))).isEqualTo(pixels(decoded.picture(i)));
        assertThat(kept.picture(i).width()).isEqualTo(decoded.picture(i).width());
        assertThat(kept.label(i)).isEqualTo(pack.label(i));
      }
    }
    assertThat(file).hasSize(new PixelWriter(pack, ITEM_SIZE).bytes());
  }

  @Test
  void keepsPicturesAtTheItemSizeAndAVeryLongOneAsItIs() throws IOException {
    try (PixelFile kept = written(1)) {
      // In the order of their paths: a/large, a/small, b/larger, b/tall.
      assertThat(kept.picture(0)).extracting("width", "height").containsExactly(44, 32);
      assertThat(kept.picture(1)).extracting("width", "height").containsExactly(37, 32);
      assertThat(kept.picture(2)).extracting("width", "height").containsExactly(46, 32);
      assertThat(kept.picture(3)).extracting("width", "height").containsExactly(35, 180);
      Picture whole = new Presize(ITEM_SIZE).whole(pack.picture(0));
      assertThat(pixels(kept.picture(0))).isEqualTo(pixels(whole));
    }
  }

  @Test
  void takesTheMemoryOfASpentPictureIfItHasRoom() throws IOException {
    try (PixelFile kept = written(1)) {
      Picture large = kept.picture(3);
      Picture small = kept.picture(1, large);
      assertThat(small.rgb()).isSameAs(large.rgb());
      assertThat(pixels(small)).isEqualTo(pixels(new Presize(ITEM_SIZE).whole(pack.picture(1))));
      assertThat(kept.picture(3, new Picture(1, 1, new byte[3])).rgb()).isNotSameAs(large.rgb());
    }
  }

  @Test
  void decodesAnewWhatIsDamagedAndDeletesTheFile() throws IOException {
    try (PixelFile kept = written(1)) {
      try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
        out.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), 100);
      }
      assertThat(pixels(kept.picture(0)))
          .isEqualTo(pixels(new Presize(ITEM_SIZE).whole(pack.picture(0))));
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void decodesAnewWhatACutFileLacks() throws IOException {
    try (PixelFile kept = written(1)) {
      try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
        out.truncate(50);
      }
      assertThat(pixels(kept.picture(3))).isEqualTo(pixels(pack.picture(3)));
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void stopsWhenAsked() {
    AtomicInteger decoded = new AtomicInteger();
    assertThatThrownBy(
            () ->
                new PixelWriter(pack, ITEM_SIZE)
                    .write(file, 1, decoded::set, () -> decoded.get() == 2))
        .isInstanceOf(CancellationException.class);
    assertThat(decoded).hasValue(2);
  }

  @Test
  void passesOnThatAPictureCannotBeRead() throws IOException {
    Files.write(directory.resolve("pack.zip"), new byte[10]);
    assertThatThrownBy(() -> written(2)).isInstanceOf(Failure.Unavailable.class);
  }
}
