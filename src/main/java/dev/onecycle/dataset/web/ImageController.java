package dev.onecycle.dataset.web;

import dev.onecycle.dataset.DatasetReader;
import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.dataset.pixels.PackedPicture;
import dev.onecycle.image.Normalization;
import dev.onecycle.image.Picture;
import dev.onecycle.image.PictureEncoder;
import dev.onecycle.image.Resampling;
import dev.onecycle.image.Views;
import dev.onecycle.layout.Part;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.Page;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The pictures of a dataset, to look at. */
@RestController
@RequestMapping("/api/v1/datasets/{id}/images")
class ImageController {

  private static final int MAX_LIMIT = 500;
  private static final int MIN_SIZE = 16;
  private static final int MAX_SIZE = 1024;
  private static final int MIN_VIEW = 32;

  private final DatasetReader reader;

  ImageController(DatasetReader reader) {
    this.reader = reader;
  }

  /**
   * A picture of a dataset.
   *
   * @param id its number in the dataset
   * @param label null where it has none
   * @param split null where the split leaves it out
   */
  record ImageView(
      int id,
      String path,
      @Nullable String label,
      @Nullable Part split,
      int width,
      int height,
      int bytes) {}

  /** Pictures by number, of one label or part if asked for. */
  @Answers(409)
  @GetMapping
  Page<ImageView> list(
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String label,
      @RequestParam(required = false) @Nullable String split,
      @RequestParam(defaultValue = "50") int limit,
      @RequestParam(defaultValue = "0") int cursor)
      throws IOException {
    requireWithin("limit", limit, 1, MAX_LIMIT);
    requireWithin("cursor", cursor, 0, Integer.MAX_VALUE);
    Part wanted = split == null ? null : part(split);
    try (DatasetSnapshot dataset = reader.browse(id)) {
      @Nullable Part[] parts = dataset.parts();
      List<ImageView> items = new ArrayList<>();
      for (int i = cursor; i < parts.length; i++) {
        PackedPicture picture = dataset.all().index().get(i);
        boolean shown =
            (label == null || label.equals(picture.label()))
                && (wanted == null || wanted == parts[i]);
        if (shown && items.size() == limit) {
          return new Page<>(items, Integer.toString(i));
        }
        if (shown) {
          items.add(view(i, picture, parts[i]));
        }
      }
      return new Page<>(items, null);
    }
  }

  private static ImageView view(int i, PackedPicture picture, @Nullable Part part) {
    return new ImageView(
        i,
        picture.path(),
        picture.label(),
        part,
        picture.width(),
        picture.height(),
        picture.length());
  }

  /** One picture as JPEG, its longer side at most {@code size}; it never changes. */
  @Answers(409)
  @GetMapping(path = "/{image}", produces = MediaType.IMAGE_JPEG_VALUE)
  ResponseEntity<byte[]> get(
      @PathVariable UUID id, @PathVariable int image, @RequestParam(defaultValue = "1024") int size)
      throws IOException {
    requireWithin("size", size, MIN_SIZE, MAX_SIZE);
    try (DatasetSnapshot dataset = reader.browse(id)) {
      requireImage(id, dataset, image);
      return ResponseEntity.ok()
          .contentType(MediaType.IMAGE_JPEG)
          .cacheControl(CacheControl.maxAge(Duration.ofDays(365)).cachePrivate().immutable())
          .body(PictureEncoder.jpeg(fitted(dataset.all().picture(image), size)));
    }
  }

  /**
   * What a network sees of a picture in validation and plain prediction, before normalisation, as a
   * PNG: in 8 bits, so that each level is within half of one.
   *
   * @param itemSize side that the picture is cropped and resized to first
   * @param size side of the view
   */
  @Answers(409)
  @GetMapping(path = "/{image}/view", produces = MediaType.IMAGE_PNG_VALUE)
  byte[] see(
      @PathVariable UUID id,
      @PathVariable int image,
      @RequestParam(defaultValue = "460") int itemSize,
      @RequestParam(defaultValue = "224") int size)
      throws IOException {
    requireWithin("itemSize", itemSize, MIN_VIEW, MAX_SIZE);
    requireWithin("size", size, MIN_VIEW, itemSize);
    Views views = Views.of(itemSize, size, Normalization.none());
    FloatBuffer view = FloatBuffer.allocate(views.length());
    try (DatasetSnapshot dataset = reader.browse(id)) {
      requireImage(id, dataset, image);
      views.validView(dataset.all().picture(image), view, 0);
    }
    return PictureEncoder.png(Normalization.none().picture(view.array(), size));
  }

  static void requireImage(UUID id, DatasetSnapshot dataset, int image) {
    if (image < 0 || image >= dataset.all().size()) {
      throw new Failure.NotFound(
          "dataset %s has no image %d: it has %d".formatted(id, image, dataset.all().size()));
    }
  }

  private static Picture fitted(Picture picture, int size) {
    int longer = Math.max(picture.width(), picture.height());
    if (longer <= size) {
      return picture;
    }
    return Resampling.BILINEAR.resize(
        picture,
        Math.max(1, Math.round((float) picture.width() * size / longer)),
        Math.max(1, Math.round((float) picture.height() * size / longer)));
  }

  private static Part part(String split) {
    for (Part part : Part.values()) {
      if (part.word().equals(split)) {
        return part;
      }
    }
    throw Failure.Invalid.field(
        "split", "must be train, valid or test", split, List.of("train", "valid", "test"));
  }

  private static void requireWithin(String field, int value, int min, int max) {
    if (value < min || value > max) {
      throw Failure.Invalid.field(
          field,
          value < min ? value + " < minimum " + min : value + " > maximum " + max,
          value,
          value < min ? min : max);
    }
  }
}
