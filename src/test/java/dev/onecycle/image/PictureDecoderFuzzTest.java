package dev.onecycle.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.platform.Failure;
import dev.onecycle.testing.Mutation;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever the bytes are, the answer is a picture or a {@link Failure}, and the JVM lives. */
class PictureDecoderFuzzTest {

  private static final DecodeLimits SMALL = new DecodeLimits(1_000_000);

  private final SplittableRandom random = new SplittableRandom(1);

  @Test
  void mutatedFilesAreAnswered() {
    fuzz(100);
  }

  @Test
  @Tag("proof")
  void manyMutatedFilesAreAnswered() {
    fuzz(40_000);
  }

  /**
   * @param rounds of one file of each format
   */
  private void fuzz(int rounds) {
    Picture picture = FormulaPicture.of(24, 20, 1);
    BufferedImage image = TestFiles.image(picture, BufferedImage.TYPE_3BYTE_BGR);
    List<byte[]> files =
        List.of(
            TestFiles.rotated(PictureEncoder.jpeg(picture), 6),
            PictureEncoder.png(picture),
            TestFiles.file(image, "gif"),
            TestFiles.file(image, "bmp"),
            TestFiles.file(image, "tiff"),
            TestFiles.latin("P3 2 2 255 # text\n1 2 3 4 5 6 7 8 9 10 11 12\n"),
            TestFiles.webp(picture));
    int pictures = 0;
    int failures = 0;
    for (int i = 0; i < rounds; i++) {
      for (byte[] file : files) {
        byte[] mutated = Mutation.of(file, random);
        if (random.nextBoolean()) {
          TestFiles.correctPngChecksums(mutated);
        }
        if (decodes(mutated)) {
          pictures++;
        } else {
          failures++;
        }
      }
    }
    assertThat(pictures).isPositive();
    assertThat(failures).isPositive();
  }

  private static boolean decodes(byte[] file) {
    try {
      Picture picture = PictureDecoder.decode(file, SMALL);
      assertThat((long) picture.width() * picture.height()).isLessThanOrEqualTo(SMALL.maxPixels());
      return true;
    } catch (Failure.Invalid | Failure.TooLarge | Failure.Unsupported expected) {
      assertThat(expected.getMessage()).isNotBlank();
      return false;
    }
  }
}
