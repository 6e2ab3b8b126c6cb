package dev.onecycle.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of bytes as they pass. */
public final class Checksum {

  private Checksum() {}

  /** Reads {@code bytes} to the end. */
  public static Blob of(String key, InputStream bytes) throws IOException {
    return copy(key, bytes, OutputStream.nullOutputStream());
  }

  /** Copies {@code bytes} to the end into {@code out}. */
  public static Blob copy(String key, InputStream bytes, OutputStream out) throws IOException {
    DigestInputStream digesting = new DigestInputStream(bytes, sha256());
    byte[] buffer = new byte[1 << 16];
    long size = 0;
    for (int read; (read = digesting.read(buffer)) >= 0; size += read) {
      out.write(buffer, 0, read);
    }
    return new Blob(key, size, HexFormat.of().formatHex(digesting.getMessageDigest().digest()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256. This is a bug.", e);
    }
  }
}
