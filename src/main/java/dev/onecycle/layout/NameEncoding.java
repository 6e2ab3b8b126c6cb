package dev.onecycle.layout;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.onecycle.platform.Failure;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The encoding of names that are not UTF-8: asked for, or the one in which they look most like
 * words. A name of bytes is a text here whose characters are those bytes (Latin-1).
 */
public final class NameEncoding {

  /** Of archives and file systems of Unix, the likelier ones first. */
  public static final List<String> UNIX =
      List.of("ISO-8859-1", "windows-1252", "IBM850", "IBM437", "windows-31j", "GBK");

  /** Of zips, the likelier ones first. */
  public static final List<String> DOS =
      List.of("IBM437", "IBM850", "ISO-8859-1", "windows-1252", "windows-31j", "GBK");

  /** Where every name is UTF-8. */
  public static final NameEncoding UTF8 = new NameEncoding(UTF_8, false);

  /** More names say nothing new. */
  public static final int ENOUGH = 10_000;

  private static final Map<String, String> USUAL_NAMES =
      Map.of(
          "latin-1", "ISO-8859-1",
          "latin1", "ISO-8859-1",
          "shift-jis", "windows-31j",
          "shift_jis", "windows-31j",
          "sjis", "windows-31j",
          "cp932", "windows-31j",
          "cp936", "GBK",
          "gb2312", "GBK");

  private final Charset charset;
  private final boolean asked;
  private final Map<String, String> bytesOf = new HashMap<>();
  private int used;
  private @Nullable String example;

  private NameEncoding(Charset charset, boolean asked) {
    this.charset = charset;
    this.asked = asked;
  }

  /**
   * The encoding of that name.
   *
   * @throws Failure.Invalid if it is none that is known
   */
  public static NameEncoding asked(String name) {
    String usual = USUAL_NAMES.getOrDefault(name.strip().toLowerCase(Locale.ROOT), name.strip());
    try {
      return new NameEncoding(Charset.forName(usual), true);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw Failure.Invalid.field(
          "nameEncoding",
          "is no encoding that is known",
          name,
          List.of("UTF-8", "cp437", "cp850", "Latin-1", "Shift-JIS", "GBK"));
    }
  }

  /**
   * The encoding that fits names best.
   *
   * @param names that are not UTF-8
   * @param likely what it may be, the likelier ones first
   */
  public static NameEncoding detected(Collection<String> names, List<String> likely) {
    Charset best = ISO_8859_1;
    long most = Long.MIN_VALUE;
    for (String candidate : likely) {
      if (Charset.isSupported(candidate)) {
        Charset charset = Charset.forName(candidate);
        long score = names.stream().mapToLong(name -> NameLikeness.of(name, charset)).sum();
        if (score > most) {
          most = score;
          best = charset;
        }
      }
    }
    return new NameEncoding(best, false);
  }

  /** Whether a name of bytes is UTF-8, as plain ASCII is. */
  public static boolean isUtf8(String bytes) {
    return isAscii(bytes) || strict(bytes, UTF_8) != null;
  }

  private static boolean isAscii(String bytes) {
    return bytes.chars().allMatch(c -> c < 128);
  }

  /** The text that these bytes are, or null. */
  public static @Nullable String strict(String bytes, Charset charset) {
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(bytes.getBytes(ISO_8859_1))).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /**
   * The name that these bytes are, or null.
   *
   * @param said whether the archive says that it is UTF-8
   * @throws Failure.Invalid if other bytes became the same name
   */
  public @Nullable String text(String bytes, boolean said) {
    if (isAscii(bytes)) {
      return bytes;
    }
    String utf8 = asked && !said ? null : strict(bytes, UTF_8);
    if (utf8 != null) {
      return utf8;
    }
    String text = strict(bytes, charset);
    if (text != null) {
      String before = bytesOf.putIfAbsent(text, bytes);
      if (before != null && !before.equals(bytes)) {
        throw new Failure.Invalid(
            "the names %s and %s become one in %s: '%s'"
                .formatted(escaped(before), escaped(bytes), charset, text),
            "Add nameEncoding with the encoding that they were written in.");
      }
      used++;
      example = example == null ? text : example;
    }
    return text;
  }

  /** As {@link #text} for a path; one that is no text has that as its problem. */
  public PicturePath path(String bytes) {
    String text = text(bytes, false);
    return text == null ? noText(bytes) : PicturePath.of(text);
  }

  /** A path that is no text in this encoding. */
  public PicturePath noText(String bytes) {
    return PicturePath.unnamed(
        escaped(bytes), "has a name that is neither UTF-8 nor " + charset + "; add nameEncoding");
  }

  private static String escaped(String bytes) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < bytes.length(); i++) {
      char c = bytes.charAt(i);
      escaped.append(c < 128 ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    return escaped.toString();
  }

  /** What is to be said about it, or null where every name was UTF-8 or it was asked for. */
  public @Nullable String note() {
    return asked || example == null
        ? null
        : "%d names are not UTF-8 and were read as %s, as '%s': add nameEncoding if that looks wrong"
            .formatted(used, charset, PicturePath.unnamed(example, "").toString());
  }
}
