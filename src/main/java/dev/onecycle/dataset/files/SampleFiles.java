package dev.onecycle.dataset.files;

import dev.onecycle.dataset.pixels.SampleDataset;
import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.Seed;
import java.io.IOException;

/** The bundled sample, drawn while it is imported. */
public final class SampleFiles implements PictureFiles {

  /** What a thousand small PNGs come to, roughly. */
  private static final long EXPECTED_BYTES = 2_400_000;

  private static final Seed SEED = new Seed(42);

  @Override
  public long bytes() {
    return EXPECTED_BYTES;
  }

  @Override
  public void visit(Visitor visitor) throws IOException {
    new SampleDataset(SEED)
        .draw(
            (name, png) -> {
              visitor.picture(PicturePath.of(name), png);
              visitor.advanced(png.length);
            });
  }
}
