package dev.onecycle.dataset.pixels;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.LabelName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file's place in what is imported, as relative segments that are safe to show, to store and to
 * unpack: {@code imagenette2-160/train/n01440764/x.JPEG}.
 *
 * @param segments folders, then the file's name; none for the top itself
 */
public record PicturePath(List<String> segments) {

  /** What a picture's name may end with; some of these are reported as not supported. */
  private static final Set<String> EXTENSIONS =
      Set.of(
          ("jpg jpeg jpe jfif png webp gif bmp dib tif tiff ppm pgm pbm pnm"
                  + " heic heif avif jxl jp2 svg psd cr2 cr3 nef arw dng orf rw2 raf")
              .split(" "));

  private static final int MAX_PATH = 1_000;

  public PicturePath {
    segments = List.copyOf(segments);
  }

  /**
   * Reads the name of a file or folder in an archive or directory; {@code .} and doubled slashes
   * are dropped. The name is taken as it is, nothing in it is decoded.
   *
   * @throws Failure.Invalid for a name that is absolute, has {@code ..}, a backslash, a drive,
   *     control or direction characters, or more than 1,000 characters
   */
  public static PicturePath of(String name) {
    String problem = problem(name);
    if (problem != null) {
      throw new Failure.Invalid(
          "the name '%s' %s".formatted(shown(name), problem),
          "Pack the pictures again with plain relative names.");
    }
    List<String> segments = new ArrayList<>();
    for (String segment : name.split("/", -1)) {
      if (!segment.isEmpty() && !segment.equals(".")) {
        segments.add(segment);
      }
    }
    return new PicturePath(segments);
  }

  private static @Nullable String problem(String name) {
    if (name.length() > MAX_PATH) {
      return "has " + name.length() + " characters > maximum " + MAX_PATH;
    }
    if (name.startsWith("/") || name.matches("[A-Za-z]:.*")) {
      return "is absolute";
    }
    if (name.indexOf('\\') >= 0) {
      return "has a backslash";
    }
    if (!LabelName.harmless(name)) {
      return "has control characters";
    }
    return List.of(name.split("/", -1)).contains("..") ? "leaves its directory" : null;
  }

  /** A name cut and cleaned so that it cannot forge a log line or a terminal. */
  static String shown(String name) {
    StringBuilder shown = new StringBuilder();
    name.codePoints()
        .limit(100)
        .map(c -> LabelName.harmless(c) ? c : '?')
        .forEach(shown::appendCodePoint);
    return name.length() > 100 ? shown + "..." : shown.toString();
  }

  /** Whether the name says that this is a picture. */
  public boolean isPicture() {
    String file = segments.isEmpty() ? "" : segments.get(segments.size() - 1);
    return EXTENSIONS.contains(file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }

  /** Whether a system left this file or a folder above it: {@code .name} or {@code __MACOSX}. */
  public boolean isHidden() {
    return segments.stream().anyMatch(PicturePath::isHidden);
  }

  /** Whether a file or folder of this name is one that a system left. */
  public static boolean isHidden(String name) {
    return name.startsWith(".") || name.equals("__MACOSX");
  }

  /**
   * The folder that the file lies in.
   *
   * @throws Failure.Invalid where there is none that could be a class: at the top, directly in a
   *     train or valid folder, or longer than 200 characters
   */
  public String label() {
    String folder = segments.size() < 2 ? "" : segments.get(segments.size() - 2);
    if (folder.isEmpty() || Part.ofFolder(folder).isPresent()) {
      throw new Failure.Invalid("lies in no class folder");
    }
    if (folder.length() > LabelName.LONGEST) {
      throw new Failure.Invalid(
          "label of " + folder.length() + " characters > maximum " + LabelName.LONGEST);
    }
    return folder;
  }

  /** The part whose folder is nearest above the file, or null if there is none. */
  public @Nullable Part part() {
    for (int i = segments.size() - 2; i >= 0; i--) {
      var part = Part.ofFolder(segments.get(i));
      if (part.isPresent()) {
        return part.get();
      }
    }
    return null;
  }

  /** The segments joined by slashes. */
  @Override
  public String toString() {
    return String.join("/", segments);
  }
}
