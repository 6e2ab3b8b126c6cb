package dev.onecycle.work.web;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.onecycle.image.ContactSheet;
import dev.onecycle.image.ContactSheet.Tile;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.training.BatchPreview;
import dev.onecycle.training.BatchPreview.Channels;
import dev.onecycle.training.BatchPreview.Seen;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A training batch to look at: as JSON its numbers, as a PNG its pictures.
 *
 * @param phase from 1
 * @param mixup the alpha of the blends, or null without them
 * @param shape of the whole batch, NCHW
 * @param before channels of the pictures below before normalisation, in units of 0 to 1
 * @param after the same as the network sees them
 * @param pictures the first of the batch
 */
record BatchView(
    String recipe,
    int phase,
    int phases,
    long seed,
    @Nullable Double mixup,
    List<Integer> shape,
    Channels before,
    Channels after,
    List<PictureView> pictures,
    @JsonIgnore BatchPreview preview) {

  private static final int COLUMNS = 4;
  private static final int COLUMNS_OF_MANY = 8;

  /**
   * One picture of the batch.
   *
   * @param blendedWith the other picture's label, or null without mixup
   * @param lambda how much of the picture is its own, or null without mixup
   */
  record PictureView(String label, @Nullable String blendedWith, @Nullable Float lambda) {}

  static BatchView of(String name, Recipe recipe, int phase, BatchPreview preview) {
    return new BatchView(
        name,
        phase,
        recipe.phases().size(),
        recipe.seed(),
        recipe.mixup() == null ? null : recipe.mixup().alpha(),
        List.of(preview.batchSize(), 3, preview.size(), preview.size()),
        preview.raw(),
        preview.normalised(),
        preview.pictures().stream()
            .map(seen -> new PictureView(seen.label(), seen.partner(), seen.lambda()))
            .toList(),
        preview);
  }

  /** Returns the pictures with their labels. */
  byte[] png() {
    String title = "%s, phase %d of %d".formatted(recipe, phase, phases);
    String subtitle =
        "%d of the %d pictures of its first batch, %d pixels, seed %d%s"
            .formatted(
                pictures.size(),
                preview.batchSize(),
                preview.size(),
                seed,
                mixup == null ? "" : ", mixup with \u03b1 = " + mixup);
    List<Tile> tiles = preview.pictures().stream().map(this::tile).toList();
    int columns = tiles.size() > COLUMNS * COLUMNS ? COLUMNS_OF_MANY : COLUMNS;
    return ContactSheet.png(title, subtitle, columns, tiles);
  }

  private Tile tile(Seen seen) {
    String detail =
        seen.lambda() == null
            ? ""
            : String.format(
                Locale.ROOT,
                "\u03bb %.3f  \u00b7  %.3f %s",
                seen.lambda(),
                1 - seen.lambda(),
                seen.partner());
    return new Tile(
        preview.normalization().picture(seen.view(), preview.size()),
        seen.label(),
        detail,
        seen.lambda() == null ? null : seen.lambda().doubleValue());
  }
}
