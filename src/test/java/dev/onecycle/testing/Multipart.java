package dev.onecycle.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A multipart/form-data body for tests, as curl's {@code -F} makes it. */
public final class Multipart {

  private static final String BOUNDARY = "----onecycle-test-boundary";

  /** The content type of {@link #bytes}. */
  public static final String CONTENT_TYPE = "multipart/form-data; boundary=" + BOUNDARY;

  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  /** Adds {@code -F name=value}. */
  public Multipart field(String name, String value) {
    return part("name=\"" + name + "\"", value.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds {@code -F name=@fileName}. */
  public Multipart file(String name, String fileName, byte[] content) {
    String disposition = "name=\"" + name + "\"; filename=\"" + fileName + "\"";
    return part(disposition + "\r\nContent-Type: application/octet-stream", content);
  }

  private Multipart part(String disposition, byte[] content) {
    write("--" + BOUNDARY + "\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n");
    body.writeBytes(content);
    write("\r\n");
    return this;
  }

  private void write(String text) {
    body.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The whole body; nothing can be added afterwards. */
  public byte[] bytes() {
    write("--" + BOUNDARY + "--\r\n");
    return body.toByteArray();
  }
}
