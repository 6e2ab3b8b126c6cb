package dev.onecycle.platform.http;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads JSON that is a part of a multipart body, sent as a field or as a file. It is as strict as
 * JSON bodies are, and may be larger: a manifest names up to ten thousand labels.
 */
@Component
public class JsonParts {

  /** The most bytes of such a part. */
  public static final int MOST_BYTES = 8 * 1024 * 1024;

  private final JsonMapper mapper = StrictJson.mapper(MOST_BYTES);

  /**
   * Reads a part of the body.
   *
   * @throws Failure.TooLarge if it has more than {@link #MOST_BYTES}
   * @throws Failure.Invalid naming what is wrong with it
   */
  public <T> T read(Part part, Class<T> type) throws IOException {
    if (part.getSize() > MOST_BYTES) {
      throw new Failure.TooLarge(
          "the part '%s' of %s bytes > maximum %s"
              .formatted(part.getName(), part.getSize(), MOST_BYTES),
          "Send a smaller JSON document.");
    }
    byte[] json = part.getInputStream().readAllBytes();
    return read(part.getName(), new String(json, StandardCharsets.UTF_8), type);
  }

  /**
   * Reads a part's text.
   *
   * @throws Failure.TooLarge if it is longer or deeper than allowed
   * @throws Failure.Invalid naming what is wrong with it
   */
  public <T> T read(String name, String json, Class<T> type) {
    try {
      T read = mapper.readValue(json, type);
      if (read == null) {
        throw Failure.Invalid.field(name, "must not be null", null, null);
      }
      return read;
    } catch (JacksonException e) {
      Problem problem = UnreadableJson.problem(e, "the part '" + name + "'");
      if (problem.status() == HttpStatus.CONTENT_TOO_LARGE.value()) {
        throw new Failure.TooLarge(problem.detail(), problem.fix());
      }
      List<FieldError> errors = problem.errors() == null ? List.of() : problem.errors();
      throw new Failure.Invalid(problem.detail(), problem.fix(), errors);
    }
  }
}
