package dev.onecycle.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.platform.Failure;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureDecoderTest {

  private static final Picture RAMP = TestFiles.ramp(40, 30);

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp"})
  void losslessFilesGiveExactlyTheirPixels(String format) {
    byte[] file = TestFiles.file(TestFiles.image(RAMP, BufferedImage.TYPE_3BYTE_BGR), format);

    assertThat(PictureDecoder.decode(file).rgb()).isEqualTo(RAMP.rgb());
  }

  @Test
  void jpegAndWebpAreRedFirstAndClose() {
    assertClose(PictureDecoder.decode(PictureEncoder.jpeg(RAMP)), RAMP, 12);
    assertClose(PictureDecoder.decode(TestFiles.webp(RAMP)), RAMP, 12);
  }

  @Test
  void gifGivesItsFirstFrame() {
    byte[] file = TestFiles.file(TestFiles.image(RAMP, BufferedImage.TYPE_3BYTE_BGR), "gif");

    assertClose(PictureDecoder.decode(file), RAMP, 30);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg", "bmp"})
  void greyKeepsItsLevels(String format) {
    BufferedImage grey = new BufferedImage(256, 8, BufferedImage.TYPE_BYTE_GRAY);
    for (int x = 0; x < 256; x++) {
      for (int y = 0; y < 8; y++) {
        grey.getRaster().setSample(x, y, 0, x);
      }
    }

    Picture decoded = PictureDecoder.decode(TestFiles.file(grey, format));

    for (int x = 0; x < 256; x++) {
      int tolerance = format.equals("jpeg") ? 2 : 0;
      assertThat(pixel(decoded, x, 4)[0]).isBetween(x - tolerance, x + tolerance);
      assertThat(pixel(decoded, x, 4)[1]).isEqualTo(pixel(decoded, x, 4)[0]);
      assertThat(pixel(decoded, x, 4)[2]).isEqualTo(pixel(decoded, x, 4)[0]);
    }
  }

  @Test
  void sixteenBitsKeepTheUpperEight() {
    BufferedImage grey = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
    grey.getRaster().setPixels(0, 0, 3, 1, new int[] {0x12ff, 0x8000, 0xffff});

    Picture decoded = PictureDecoder.decode(TestFiles.file(grey, "png"));

    assertThat(decoded.rgb())
        .containsExactly(bytes(0x12, 0x12, 0x12, 0x80, 0x80, 0x80, 0xff, 0xff, 0xff));
  }

  @Test
  void blackAndWhiteOfOneBitIsRead() {
    BufferedImage bits = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
    bits.setRGB(1, 0, 0xffffff);

    assertThat(PictureDecoder.decode(TestFiles.file(bits, "png")).rgb())
        .containsExactly(bytes(0, 0, 0, 255, 255, 255));
  }

  @Test
  void transparentPixelsLieOnWhite() {
    BufferedImage png = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
    png.setRGB(0, 0, 0x00ff0000);
    png.setRGB(1, 0, 0x80ff0000);
    png.setRGB(2, 0, 0xffff0000);

    assertThat(PictureDecoder.decode(TestFiles.file(png, "png")).rgb())
        .containsExactly(bytes(255, 255, 255, 255, 127, 127, 255, 0, 0));

    byte[] clear = new byte[4 * 16 * 16];
    Picture webp = PictureDecoder.decode(TestFiles.webpWithAlpha(16, 16, clear));
    assertThat(pixel(webp, 8, 8)).containsExactly(255, 255, 255);
  }

  /** Where the stored top-left corner stands after turning, per EXIF value. */
  @ParameterizedTest
  @CsvSource({
    "1,40,30,0,0", "2,40,30,39,0", "3,40,30,39,29", "4,40,30,0,29",
    "5,30,40,0,0", "6,30,40,29,0", "7,30,40,29,39", "8,30,40,0,39"
  })
  void exifRotationIsApplied(int orientation, int width, int height, int x, int y) {
    byte[] file = TestFiles.rotated(PictureEncoder.jpeg(RAMP), orientation);

    Picture upright = PictureDecoder.decode(file);

    assertThat(upright.width()).isEqualTo(width);
    assertThat(upright.height()).isEqualTo(height);
    int[] corner = pixel(upright, x, y);
    assertThat(corner[0]).isLessThan(20);
    assertThat(corner[1]).isLessThan(20);
    // Tags 1, 3, 6 and 8 only rotate, the others mirror: the picture's right edge tells them apart.
    int[] right =
        pixel(upright, orientation < 5 ? width - 1 - x : x, orientation < 5 ? y : height - 1 - y);
    assertThat(right[0]).isGreaterThan(235);
    assertThat(right[1]).isLessThan(20);
  }

  @Test
  void brokenExifIsIgnored() {
    byte[] file = TestFiles.rotated(PictureEncoder.jpeg(RAMP), 99);

    assertThat(PictureDecoder.decode(file).width()).isEqualTo(40);
  }

  @Test
  void whatIsNoPictureIsUnsupported() {
    for (byte[] file :
        new byte[][] {{}, TestFiles.latin("BM"), TestFiles.latin("%PDF-1.7 and so on")}) {
      assertThatThrownBy(() -> PictureDecoder.decode(file)).isInstanceOf(Failure.Unsupported.class);
    }
  }

  @Test
  void tooManyPixelsAreRefusedFromTheHeader() {
    byte[] png =
        TestFiles.png(
            TestFiles.Chunk.header(30_000, 30_000, 1, 0),
            new TestFiles.Chunk("IDAT", new byte[100]));

    assertThatThrownBy(() -> PictureDecoder.decode(png))
        .isInstanceOf(Failure.TooLarge.class)
        .hasMessage("the PNG has 30000x30000 = 900000000 pixels > maximum 50000000");
    byte[] smaller =
        TestFiles.png(
            TestFiles.Chunk.header(8_000, 6_300, 1, 0), new TestFiles.Chunk("IDAT", new byte[100]));
    assertThatThrownBy(() -> PictureDecoder.decode(smaller)).isInstanceOf(Failure.TooLarge.class);
    assertThatThrownBy(() -> PictureDecoder.decode(smaller, DecodeLimits.NONE))
        .isInstanceOf(Failure.Invalid.class);
    assertThatThrownBy(
            () -> PictureDecoder.decode(PictureEncoder.jpeg(RAMP), new DecodeLimits(1199)))
        .isInstanceOf(Failure.TooLarge.class)
        .hasMessageContaining("40x30 = 1200 pixels > maximum 1199");
  }

  @Test
  void variantsThatCannotBeDecodedAreNamed() {
    byte[] jpeg = PictureEncoder.jpeg(RAMP);
    int frame =
        IntStream.range(0, jpeg.length)
            .filter(i -> (jpeg[i] & 255) == 0xff && (jpeg[i + 1] & 255) == 0xc0)
            .findFirst()
            .orElseThrow();
    assertInvalid(
        TestFiles.spliced(jpeg, frame + 4, frame + 5, new byte[] {12}), "12 bits a sample");
    assertInvalid(TestFiles.spliced(jpeg, frame + 1, frame + 2, bytes(0xc3)), "coded without loss");
    assertInvalid(TestFiles.spliced(jpeg, frame + 5, frame + 9, new byte[4]), "has 0x0 pixels");
    byte[] animated = TestFiles.latin("RIFF\u0016\0\0\0WEBPVP8X\n\0\0\0\u0002\0\0\0\7\0\0\7\0\0");
    assertInvalid(animated, "is animated");
  }

  @Test
  void filesThatWouldKeepADecoderBusyAreRefused() {
    byte[] jpeg = PictureEncoder.jpeg(RAMP);
    byte[] scans = new byte[200];
    for (int i = 0; i < scans.length; i += 2) {
      scans[i] = (byte) 0xff;
      scans[i + 1] = (byte) 0xda;
    }

    assertInvalid(
        TestFiles.spliced(jpeg, jpeg.length - 2, jpeg.length - 2, scans), "more than 100 scans");
  }

  @Test
  void bmpThatHidesAnotherFileIsRefused() {
    byte[] bmp = TestFiles.file(TestFiles.image(RAMP, BufferedImage.TYPE_3BYTE_BGR), "bmp");
    bmp[30] = 4;

    assertInvalid(bmp, "compression 4, maximum 3");
  }

  @Test
  void animatedPngGivesItsStillPictureTurnedAsItsExifSays() {
    byte[] png = PictureEncoder.png(RAMP);
    byte[] animation = new TestFiles.Chunk("acTL", new byte[] {0, 0, 0, 2, 0, 0, 0, 0}).bytes();
    byte[] exif = Arrays.copyOfRange(TestFiles.rotated(new byte[2], 6), 12, 38);
    byte[] turned = new TestFiles.Chunk("eXIf", exif).bytes();
    int afterHeader = 33;

    Picture decoded =
        PictureDecoder.decode(
            TestFiles.spliced(
                TestFiles.spliced(png, afterHeader, afterHeader, animation),
                afterHeader,
                afterHeader,
                turned));

    assertThat(decoded.width()).isEqualTo(30);
    assertThat(decoded.rgb()).isEqualTo(new Orientation(6).turn(RAMP).rgb());
  }

  @Test
  void damagedPngIsToldFromAGoodOne() {
    byte[] png = PictureEncoder.png(RAMP);
    png[60] ^= 1;

    assertInvalid(png, "wrong checksum");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "png", "gif", "bmp", "webp", "tiff"})
  void everyTruncationIsNoticed(String format) {
    byte[] file =
        format.equals("webp")
            ? TestFiles.webp(RAMP)
            : TestFiles.file(TestFiles.image(RAMP, BufferedImage.TYPE_3BYTE_BGR), format);
    // A GIF without its last byte and a JPEG without its last two are whole pictures all the same.
    int ending = format.equals("gif") ? 1 : format.equals("jpeg") ? 2 : 0;
    for (int length = 16; length < file.length - ending; length += 7) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> PictureDecoder.decode(cut))
          .as("%d of %d bytes", length, file.length)
          .isInstanceOf(Failure.Invalid.class);
    }
  }

  @Test
  void aJpegThatLacksNothingButItsEndMarkerIsWhole() {
    byte[] jpeg = PictureEncoder.jpeg(RAMP);
    byte[] expected = PictureDecoder.decode(jpeg).rgb();
    for (int missing = 1; missing <= 2; missing++) {
      byte[] cut = Arrays.copyOf(jpeg, jpeg.length - missing);
      assertThat(PictureHeader.read(cut).ended()).isFalse();
      assertThat(PictureDecoder.decode(cut).rgb()).isEqualTo(expected);
    }
    assertThat(PictureHeader.read(jpeg).ended()).isTrue();
    assertInvalid(Arrays.copyOf(jpeg, jpeg.length - 40), "is truncated: no end marker");
  }

  /** A frame of 2x2 at (1, 2) on a canvas of 5x4, with the palette black, red, green, blue. */
  @ParameterizedTest
  @CsvSource({"true, 255", "false, 0"})
  void aSmallFirstFrameLiesOnItsCanvas(boolean transparent, int ground) {
    ByteArrayOutputStream gif = new ByteArrayOutputStream();
    gif.writeBytes(TestFiles.latin("GIF89a"));
    gif.writeBytes(bytes(5, 0, 4, 0, 0x81, 0, 0, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255));
    gif.writeBytes(bytes(0x21, 0xf9, 4, transparent ? 1 : 0, 0, 0, 3, 0));
    gif.writeBytes(bytes(0x2c, 1, 0, 2, 0, 2, 0, 2, 0, 0));
    // Codes of three bits: clear, red, red, red, red, end; the fourth code makes them four bits.
    gif.writeBytes(bytes(2, 3, 0x4c, 0x12, 0x05, 0, 0x3b));
    Picture picture = PictureDecoder.decode(gif.toByteArray());
    assertThat(picture.width()).isEqualTo(5);
    assertThat(picture.height()).isEqualTo(4);
    assertThat(pixel(picture, 0, 0)).containsExactly(ground, ground, ground);
    assertThat(pixel(picture, 1, 2)).containsExactly(255, 0, 0);
    assertThat(pixel(picture, 2, 3)).containsExactly(255, 0, 0);
    assertThat(pixel(picture, 3, 3)).containsExactly(ground, ground, ground);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_BYTE_GRAY,
        BufferedImage.TYPE_BYTE_BINARY,
        BufferedImage.TYPE_BYTE_INDEXED,
        BufferedImage.TYPE_4BYTE_ABGR
      })
  void tiffsAreReadAsPngsAre(int type) {
    BufferedImage image = TestFiles.image(RAMP, type);
    assertThat(PictureDecoder.decode(TestFiles.file(image, "tiff")).rgb())
        .isEqualTo(PictureDecoder.decode(TestFiles.file(image, "png")).rgb());
  }

  @ParameterizedTest
  @CsvSource({
    "'P1 2 1 10', '', 0, 255",
    "'P2\n# a comment\n2 1\n9 0 9', '', 0, 255",
    "'P3 2 1 255 0 0 0 255 255 255', '', 0, 255",
    "'P4 2 1\n', '80', 0, 255",
    "'P5 2 1 255\n', '00ff', 0, 255",
    "'P5 2 1 100\n', '0a64', 26, 255",
    "'P5 2 1 65535\n', '00ffffff', 1, 255",
    "'P6 2 1 255\n', '000000ffffff', 0, 255"
  })
  void portablePicturesAreRead(String header, String pixels, int left, int right) {
    byte[] text = TestFiles.latin(header.replace("\\n", "\n"));
    byte[] bytes = HexFormat.of().parseHex(pixels);
    byte[] file = TestFiles.spliced(text, text.length, text.length, bytes);
    Picture picture = PictureDecoder.decode(file);
    assertThat(pixel(picture, 0, 0)).containsExactly(left, left, left);
    assertThat(pixel(picture, 1, 0)).containsExactly(right, right, right);
    byte[] cut = Arrays.copyOf(file, file.length - 1);
    if (!pixels.isEmpty()) {
      assertInvalid(cut, "truncated");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'\0\0\0\u0018ftypheic', a HEIC picture",
    "'\0\0\0\u0018ftypavif', an AVIF picture",
    "'\0\0\0\fJXL \r\n\u0087\n', a JPEG XL picture",
    "'<?xml version=\"1.0\"?>\n<svg width=\"1\"/>', an SVG drawing",
    "'FUJIFILMCCD-RAW 0201', a camera's raw file (RAF)",
    "'%PDF-1.7', a PDF"
  })
  void whatIsReadByOthersIsNamed(String start, String name) {
    assertThatThrownBy(() -> PictureDecoder.decode(TestFiles.latin(start)))
        .isInstanceOf(Failure.Unsupported.class)
        .hasMessage("the file is " + name + ", which is not read: convert it to JPEG or PNG");
  }

  @Test
  void aRawFileIsNotTakenForItsPreview() {
    byte[] tiff = TestFiles.file(TestFiles.image(RAMP, BufferedImage.TYPE_3BYTE_BGR), "tiff");
    ByteBuffer raw = ByteBuffer.wrap(tiff.clone());
    raw.order(tiff[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = raw.getInt(4);
    // Its first tag becomes the kind of page: a smaller version of another.
    raw.putShort(directory + 2, (short) 254).putShort(directory + 4, (short) 4);
    raw.putInt(directory + 6, 1).putInt(directory + 10, 1);
    assertInvalid(raw.array(), "raw file");
  }

  @Test
  void threadsDoNotDisturbEachOther() {
    byte[] jpeg = PictureEncoder.jpeg(RAMP);
    byte[] expected = PictureDecoder.decode(jpeg).rgb();

    IntStream.range(0, 200)
        .parallel()
        .forEach(i -> assertThat(PictureDecoder.decode(jpeg).rgb()).isEqualTo(expected));
  }

  private static void assertInvalid(byte[] file, String message) {
    assertThatThrownBy(() -> PictureDecoder.decode(file))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining(message);
  }

  private static void assertClose(Picture actual, Picture expected, int tolerance) {
    assertThat(actual.width()).isEqualTo(expected.width());
    assertThat(actual.height()).isEqualTo(expected.height());
    for (int i = 0; i < expected.rgb().length; i++) {
      int level = expected.rgb()[i] & 255;
      assertThat(actual.rgb()[i] & 255).isBetween(level - tolerance, level + tolerance);
    }
  }

  private static int[] pixel(Picture picture, int x, int y) {
    int i = (y * picture.width() + x) * 3;
    return new int[] {
      picture.rgb()[i] & 255, picture.rgb()[i + 1] & 255, picture.rgb()[i + 2] & 255
    };
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
