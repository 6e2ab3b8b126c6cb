package dev.onecycle.image.decoding;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Kinds of files that people take for pictures and that cannot be read, so that a refusal can call
 * them by their names.
 *
 * @param at where the mark stands
 * @param mark text in Latin-1
 * @param name with its article
 */
record ForeignFormat(int at, String mark, String name) {

  private static final List<ForeignFormat> ALL =
      List.of(
          new ForeignFormat(4, "ftypavif", "an AVIF picture"),
          new ForeignFormat(4, "ftypavis", "an AVIF picture"),
          new ForeignFormat(4, "ftypcrx ", "a camera's raw file (CR3)"),
          new ForeignFormat(4, "ftyphei", "a HEIC picture"),
          new ForeignFormat(4, "ftyphev", "a HEIC picture"),
          new ForeignFormat(4, "ftypmif1", "a HEIC picture"),
          new ForeignFormat(4, "ftypmsf1", "a HEIC picture"),
          new ForeignFormat(4, "ftyp", "a film"),
          new ForeignFormat(0, "\u00ff\n", "a JPEG XL picture"),
          new ForeignFormat(4, "JXL \r\n", "a JPEG XL picture"),
          new ForeignFormat(4, "jP  \r\n", "a JPEG 2000 picture"),
          new ForeignFormat(0, "\u00ffO\u00ffQ", "a JPEG 2000 picture"),
          new ForeignFormat(8, "CR\2", "a camera's raw file (CR2)"),
          new ForeignFormat(0, "IIRO", "a camera's raw file (ORF)"),
          new ForeignFormat(0, "IIU\0", "a camera's raw file (RW2)"),
          new ForeignFormat(0, "FUJIFILMCCD-RAW", "a camera's raw file (RAF)"),
          new ForeignFormat(0, "II+\0", "a BigTIFF"),
          new ForeignFormat(0, "MM\0+", "a BigTIFF"),
          new ForeignFormat(0, "8BPS", "a Photoshop document"),
          new ForeignFormat(0, "\0\0\1\0", "an icon"),
          new ForeignFormat(0, "P7\n", "a PAM picture"),
          new ForeignFormat(0, "%PDF", "a PDF"),
          new ForeignFormat(0, "\u001f\u008b", "compressed by gzip"),
          new ForeignFormat(0, "PK\3\4", "a zip"));

  /** Where an SVG begins at the latest that is told from other XML. */
  private static final int SVG_WITHIN = 1_000;

  /** The name of what the file is, or null if nobody knows. */
  static @Nullable String name(FileBytes file) {
    for (ForeignFormat format : ALL) {
      if (file.startsWith(format.at, format.mark)) {
        return format.name;
      }
    }
    for (int at = 0; at < Math.min(SVG_WITHIN, file.size()); at++) {
      if (file.startsWith(at, "<svg")) {
        return "an SVG drawing";
      }
    }
    return null;
  }
}
