package dev.onecycle.layout;

import java.nio.charset.Charset;

/** How much a name of bytes looks like words in an encoding. */
final class NameLikeness {

  private static final int MALFORMED = -20;

  private NameLikeness() {}

  static long of(String bytes, Charset charset) {
    String text = NameEncoding.strict(bytes, charset);
    if (text == null) {
      return MALFORMED;
    }
    long score = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 128) {
        score += of(text, i, charset);
      }
    }
    return score;
  }

  private static int of(String text, int i, Charset charset) {
    char c = text.charAt(i);
    char before = i > 0 ? text.charAt(i - 1) : ' ';
    char after = i + 1 < text.length() ? text.charAt(i + 1) : ' ';
    boolean besideAscii = isAsciiLetter(before) || isAsciiLetter(after);
    return switch (Character.UnicodeScript.of(c)) {
      case LATIN -> {
        boolean letter = Character.isUpperCase(c) || Character.isLowerCase(c);
        boolean risen = Character.isUpperCase(c) && Character.isLowerCase(before);
        yield (letter && besideAscii ? 1 : -1) - (risen ? 1 : 0);
      }
      case HIRAGANA, KATAKANA -> c >= 0xFF61 || besideAscii ? -1 : 2;
      case HAN -> isCommon(c, charset) && !besideAscii ? 2 : -1;
      default -> -2;
    };
  }

  private static boolean isAsciiLetter(char c) {
    return c < 128 && Character.isLetter(c);
  }

  /** Whether a character stands among the common ones of its encoding: JIS level 1, GB level 1. */
  private static boolean isCommon(char c, Charset charset) {
    byte[] bytes = String.valueOf(c).getBytes(charset);
    int lead = bytes[0] & 255;
    return charset.name().equals("GBK")
        ? lead >= 0xB0 && lead <= 0xD7 && (bytes[1] & 255) >= 0xA1
        : lead >= 0x88 && lead <= 0x97;
  }
}
