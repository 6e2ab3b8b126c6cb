package dev.onecycle.layout;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.LabelName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file's place in what is imported, as relative segments that are safe to show and to store:
 * {@code imagenette2-160/train/n01440764/x.JPEG}.
 *
 * @param segments folders, then the file's name; none for the top itself
 * @param hidden whether a system left this file or a folder above it
 * @param problem why nothing can have this name, as the end of a sentence that begins with the
 *     file; its segments are then cleaned to be shown and may be those of another file; null for
 *     nothing
 */
public record PicturePath(List<String> segments, boolean hidden, @Nullable String problem) {

  /** What a picture's name may end with; some of these are reported as not supported. */
  private static final Set<String> EXTENSIONS =
      Set.of(
          ("jpg jpeg jpe jfif png webp gif bmp dib tif tiff ppm pgm pbm pnm"
                  + " heic heif avif jxl jp2 svg psd cr2 cr3 nef arw dng orf rw2 raf")
              .split(" "));

  private static final Set<String> TABLES = Set.of("csv", "tsv");

  /** Of macOS, Windows, Synology, QNAP and Linux; what begins with a dot besides. */
  private static final Set<String> SYSTEM =
      Set.of(
          "__macosx",
          "icon\r",
          "thumbs.db",
          "ehthumbs.db",
          "desktop.ini",
          "$recycle.bin",
          "system volume information",
          "recycler",
          "@eadir",
          "#recycle",
          "#snapshot",
          "@recycle",
          "@recently-snapshot",
          "lost+found",
          "__pycache__");

  private static final int MAX_PATH = 1_000;
  private static final int MAX_SHOWN = 100;

  public PicturePath {
    segments = List.copyOf(segments);
  }

  /**
   * Reads the name of a file or folder in an archive or directory; {@code .} and doubled slashes
   * are dropped. The name is taken as it is, nothing in it is decoded.
   *
   * @throws Failure.Invalid for a name that leaves its directory: absolute, with a drive or {@code
   *     ..}
   */
  public static PicturePath of(String name) {
    String attack = attack(name);
    if (attack != null) {
      throw new Failure.Invalid(
          "the name '%s' %s".formatted(shown(name), attack),
          "Pack the pictures again with plain relative names.");
    }
    String problem = problem(name);
    boolean hidden = false;
    List<String> segments = new ArrayList<>();
    for (String segment : name.split("/", -1)) {
      if (!segment.isEmpty() && !segment.equals(".")) {
        hidden |= isHidden(segment);
        segments.add(problem == null ? segment : shown(segment));
      }
    }
    return new PicturePath(segments, hidden, problem);
  }

  /**
   * A file whose name is no text.
   *
   * @param shown the name as well as it can be shown
   * @param problem as of any path
   * @throws Failure.Invalid as {@link #of}
   */
  public static PicturePath unnamed(String shown, String problem) {
    PicturePath path = of(shown);
    return new PicturePath(path.segments, path.hidden, problem);
  }

  private static @Nullable String attack(String name) {
    boolean drive = name.length() > 1 && name.charAt(1) == ':' && isLetter(name.charAt(0));
    if (drive || name.startsWith("/")) {
      return "is absolute";
    }
    boolean leaves = name.contains("..") && List.of(name.split("[/\\\\]", -1)).contains("..");
    return leaves ? "leaves its directory" : null;
  }

  private static boolean isLetter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }

  private static @Nullable String problem(String name) {
    if (name.length() > MAX_PATH) {
      return "has a name of " + name.length() + " characters > maximum " + MAX_PATH;
    }
    if (name.indexOf('\\') >= 0) {
      return "has a backslash in its name";
    }
    return LabelName.harmless(name) ? null : "has control characters in its name";
  }

  /** A name cut in its middle and cleaned, so that it cannot forge a log line or a terminal. */
  private static String shown(String name) {
    String cut =
        name.length() > MAX_SHOWN
            ? name.substring(0, MAX_SHOWN / 2) + "..." + name.substring(name.length() - 20)
            : name;
    StringBuilder shown = new StringBuilder();
    cut.codePoints().map(c -> LabelName.harmless(c) ? c : '?').forEach(shown::appendCodePoint);
    return shown.toString();
  }

  /** Whether the name says that this is a picture. */
  public boolean isPicture() {
    return EXTENSIONS.contains(extension(file()));
  }

  /** Whether the name says that this is a table, which may have labels. */
  public boolean isTable() {
    return TABLES.contains(extension(file()));
  }

  /** The last segment; empty for the top. */
  public String file() {
    return segments.isEmpty() ? "" : segments.get(segments.size() - 1);
  }

  /** How many characters it has. */
  public int length() {
    return segments.stream().mapToInt(segment -> segment.length() + 1).sum();
  }

  /** The folder that it lies in, its segments joined by slashes; empty at the top. */
  public String folder() {
    return String.join("/", segments.subList(0, Math.max(0, segments.size() - 1)));
  }

  private static String extension(String name) {
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /** A file's name without its ending, if that is a picture's. */
  static String stem(String name) {
    return EXTENSIONS.contains(extension(name)) && name.indexOf('.') >= 0
        ? name.substring(0, name.lastIndexOf('.'))
        : name;
  }

  /** Whether a file or folder of this name is one that a system left. */
  public static boolean isHidden(String name) {
    return name.startsWith(".") || SYSTEM.contains(name.toLowerCase(Locale.ROOT));
  }

  /** The segments joined by slashes. */
  @Override
  public String toString() {
    String path = String.join("/", segments);
    return problem == null || path.length() <= 3 * MAX_SHOWN
        ? path
        : path.substring(0, 3 * MAX_SHOWN) + "...";
  }
}
