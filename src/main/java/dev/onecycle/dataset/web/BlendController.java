package dev.onecycle.dataset.web;

import dev.onecycle.dataset.DatasetReader;
import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.image.Blend;
import dev.onecycle.image.ContactSheet;
import dev.onecycle.image.ContactSheet.Tile;
import dev.onecycle.image.Picture;
import dev.onecycle.platform.http.Answers;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What mixup does, shown on two pictures. */
@RestController
@RequestMapping("/api/v1/datasets/{id}/blend")
class BlendController {

  private final DatasetReader reader;

  BlendController(DatasetReader reader) {
    this.reader = reader;
  }

  /**
   * Two pictures and {@code lambda} of the first laid over the rest of the second, side by side.
   *
   * @param a number of the first picture, as in {@code /images}
   * @param lambda 0 to 1
   */
  @Answers(409)
  @GetMapping(produces = MediaType.IMAGE_PNG_VALUE)
  byte[] blend(
      @PathVariable UUID id,
      @RequestParam int a,
      @RequestParam int b,
      @RequestParam(defaultValue = "0.3") double lambda)
      throws IOException {
    try (DatasetSnapshot dataset = reader.browse(id)) {
      ImageController.requireImage(id, dataset, a);
      ImageController.requireImage(id, dataset, b);
      Picture first = Blend.squeeze(dataset.all().picture(a));
      Picture second = Blend.squeeze(dataset.all().picture(b));
      Picture both = Blend.of(first, second, lambda);
      String one = label(dataset, a);
      String other = label(dataset, b);
      return ContactSheet.png(
          "%s \u00d7 %s  +  %s \u00d7 %s".formatted(share(lambda), one, share(1 - lambda), other),
          "mixup with \u03bb = " + share(lambda) + ", " + Blend.SIZE + " pixels",
          3,
          List.of(
              new Tile(first, one, "picture " + a, 1.0),
              new Tile(second, other, "picture " + b, 0.0),
              new Tile(both, one + " + " + other, "their blend", lambda)));
    }
  }

  private static String label(DatasetSnapshot dataset, int image) {
    String label = dataset.all().index().get(image).label();
    return label == null ? "no label" : label;
  }

  private static String share(double lambda) {
    return String.format(Locale.ROOT, "%.2f", lambda);
  }
}
