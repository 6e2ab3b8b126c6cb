package dev.onecycle.serving.web;

import dev.onecycle.platform.Failure;
import dev.onecycle.serving.CallerLeft;
import dev.onecycle.serving.ServingProperties;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import org.springframework.stereotype.Component;

/** The reader of what is sent to be predicted: it is kept in memory, and so it has a limit. */
@Component
class SentBytes {

  private final int most;

  SentBytes(ServingProperties properties) {
    most = Math.toIntExact(properties.maxPicture().toBytes());
  }

  /** The most bytes. */
  int most() {
    return most;
  }

  /**
   * Reads a body.
   *
   * @throws Failure.TooLarge if it has more bytes than the limit
   * @throws Failure.Invalid if it has none
   * @throws CallerLeft if it does not come to its end
   */
  byte[] of(HttpServletRequest request) {
    try {
      return of(request.getInputStream());
    } catch (IOException e) {
      throw new CallerLeft(e);
    }
  }

  /**
   * Reads a part.
   *
   * @throws Failure.TooLarge if it has more bytes than the limit
   * @throws Failure.Invalid if it has none
   */
  byte[] of(InputStream picture) throws IOException {
    byte[] bytes = picture.readNBytes(most + 1);
    if (bytes.length > most) {
      throw new Failure.TooLarge(
          "a picture of more than " + most + " bytes",
          "Send a smaller picture, or raise onecycle.serving.max-picture.");
    }
    if (bytes.length == 0) {
      throw new Failure.Invalid("the picture has no bytes", "Send the file itself as the body.");
    }
    return bytes;
  }
}
