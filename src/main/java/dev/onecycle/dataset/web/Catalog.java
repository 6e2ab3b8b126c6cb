package dev.onecycle.dataset.web;

import dev.onecycle.dataset.Source;
import java.util.List;
import java.util.stream.Stream;

/** Public datasets that an import can name. */
final class Catalog {

  private static final String PLACE = "https://s3.amazonaws.com/fast-ai-imageclas/";

  private Catalog() {}

  /**
   * A public dataset.
   *
   * @param source to send to {@code POST /datasets} as it is; it has a checksum where one is known
   */
  record Entry(String name, String description, int labels, Source source) {}

  static final List<Entry> ENTRIES =
      Stream.of(
              entry("imagenette2-160", "Ten easy classes of ImageNet, shorter side 160 pixels."),
              entry("imagenette2-320", "Ten easy classes of ImageNet, shorter side 320 pixels."),
              entry("imagenette2", "Ten easy classes of ImageNet, full size."),
              entry("imagewoof2-160", "Ten dog breeds of ImageNet, shorter side 160 pixels."),
              entry("imagewoof2-320", "Ten dog breeds of ImageNet, shorter side 320 pixels."),
              entry("imagewoof2", "Ten dog breeds of ImageNet, full size."))
          .toList();

  private static Entry entry(String name, String description) {
    String url = PLACE + name + ".tgz";
    return new Entry(name, description, 10, new Source(Source.Type.URL, null, url, null));
  }
}
