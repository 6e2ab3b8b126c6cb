package dev.onecycle.platform.http.security;

import dev.onecycle.platform.StartRefused;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.ConstructorBinding;

/**
 * A key as it is kept: what it is called, what its holder may do, and its SHA-256. The key itself
 * is hashed while the settings are read, and never kept, shown or logged.
 */
record ApiKey(String name, KeyRole role, byte[] digest) {

  private static final int SHORTEST = 32;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,32}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-fA-F]{64}");

  /**
   * A key of the settings.
   *
   * @param name 1 to 32 letters, digits, dots, hyphens and underscores
   * @param key the key itself, at least 32 characters; or null
   * @param sha256 instead of the key, the SHA-256 of its UTF-8 bytes in hexadecimal; or null
   * @throws StartRefused if anything about it is wrong; the message never holds the key
   */
  @ConstructorBinding
  ApiKey(String name, KeyRole role, @Nullable String key, @Nullable String sha256) {
    this(checked(name), role, digest(name, key, sha256));
    if (role == null) {
      throw refused(name, "has no role", "Give it the role viewer, trainer or admin.");
    }
  }

  private static String checked(String name) {
    if (name == null || !NAME.matcher(name).matches()) {
      throw new StartRefused(
          "an API key of onecycle.security.keys has no name, or one that is not allowed",
          "Name it with 1 to 32 letters, digits, dots, hyphens and underscores.");
    }
    return name;
  }

  private static byte[] digest(String name, @Nullable String key, @Nullable String sha256) {
    if ((key == null) == (sha256 == null)) {
      throw refused(
          name,
          "has " + (key == null ? "neither key nor sha256" : "both key and sha256"),
          "Give it one of them, as bin/onecycle new-key prints it.");
    }
    if (sha256 != null && !SHA256.matcher(sha256).matches()) {
      throw refused(
          name,
          "has a sha256 that is not 64 hexadecimal digits",
          "Take the one that bin/onecycle new-key prints.");
    }
    if (key != null && key.length() < SHORTEST) {
      throw refused(
          name,
          "is shorter than " + SHORTEST + " characters and could be guessed",
          "Let bin/onecycle new-key make one.");
    }
    return key == null ? HexFormat.of().parseHex(sha256) : digest(key);
  }

  private static StartRefused refused(String name, String what, String fix) {
    return new StartRefused("the API key '" + name + "' " + what, fix);
  }

  /** The SHA-256 of a key. */
  static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** Whether two keys have the same hash; takes the same time however many bytes agree. */
  boolean hasDigest(byte[] other) {
    return MessageDigest.isEqual(digest, other);
  }

  @Override
  public String toString() {
    return role.word() + " '" + name + "'";
  }
}
