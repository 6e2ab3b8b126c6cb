package dev.onecycle.store;

import java.util.regex.Pattern;

/** The rule of what a blob may be called. */
final class Key {

  private static final Pattern KEY =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}(/[A-Za-z0-9][A-Za-z0-9._-]{0,199}){0,15}");

  private Key() {}

  /**
   * Returns the key itself.
   *
   * @throws IllegalArgumentException if it is none
   */
  static String checked(String key) {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("'" + key + "' is not a key of the store");
    }
    return key;
  }
}
