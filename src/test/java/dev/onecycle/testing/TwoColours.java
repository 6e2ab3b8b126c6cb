package dev.onecycle.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.image.Picture;
import dev.onecycle.image.PictureEncoder;
import dev.onecycle.platform.Seed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A dataset of two labels, so small that a training of it takes about a second. */
public final class TwoColours {

  private static final int PICTURES = 80;
  private static final int SIDE = 32;

  private TwoColours() {}

  /** Imports it and answers its id once it is READY. */
  public static UUID into(Http http) throws IOException {
    Http.Answer sent =
        http.post(
            "/api/v1/datasets",
            Multipart.CONTENT_TYPE,
            new Multipart().file("archive", "colours.zip", zip()).bytes());
    String path = "/api/v1/datasets/" + sent.json().get("id").asString();
    await().until(() -> !http.get(path).json().get("state").asString().equals("IMPORTING"));
    assertThat(http.get(path).json().get("state").asString()).isEqualTo("READY");
    return UUID.fromString(sent.json().get("id").asString());
  }

  /** Noise, of which one label has a little more red. */
  private static byte[] zip() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < PICTURES; i++) {
        zip.putNextEntry(new ZipEntry((i % 2 == 0 ? "red/" : "grey/") + i + ".png"));
        zip.write(PictureEncoder.png(noise(i)));
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static Picture noise(int number) {
    RandomGenerator random = new Seed(number).generator();
    byte[] pixels = new byte[SIDE * SIDE * 3];
    for (int i = 0; i < pixels.length; i++) {
      boolean more = number % 2 == 0 && i % 3 == 0;
      pixels[i] = (byte) (random.nextInt(200) + (more ? 50 : 0));
    }
    return new Picture(SIDE, SIDE, pixels);
  }
}
