package dev.onecycle.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.lang.reflect.Type;
import org.hibernate.type.format.AbstractJsonFormatMapper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON as rows and files hold it. What callers send has narrow limits; what we wrote must be read
 * whatever its size: it was bounded before it was written. Unknown fields are skipped and missing
 * ones are null, zero or false, for a row may be newer or older than the code.
 */
@Component
public final class StoredJson {

  private static final Logger log = LoggerFactory.getLogger(StoredJson.class);

  private static final long UNLIMITED = -1;

  private static final StreamReadConstraints AS_WRITTEN =
      StreamReadConstraints.builder()
          .maxDocumentLength(UNLIMITED)
          .maxStringLength(Integer.MAX_VALUE)
          .maxNameLength(Integer.MAX_VALUE)
          .build();

  private final JsonMapper mapper =
      JsonMapper.builder(JsonFactory.builder().streamReadConstraints(AS_WRITTEN).build())
          .changeDefaultPropertyInclusion(
              all -> all.withValueInclusion(JsonInclude.Include.NON_NULL))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  /** Renders {@code value}. */
  public String write(Object value) {
    return mapper.writeValueAsString(value);
  }

  /**
   * Reads what {@link #write} rendered.
   *
   * @throws Failure.Unavailable if it is not such a value, as a row from elsewhere may hold
   */
  public <T> T read(String json, Class<T> type) {
    try {
      return mapper.readValue(json, type);
    } catch (JacksonException | Failure e) {
      throw unreadable(e);
    }
  }

  /** As {@link #read(String, Class)} for a generic type. */
  public <T> T read(String json, TypeReference<T> type) {
    try {
      return mapper.readValue(json, type);
    } catch (JacksonException | Failure e) {
      throw unreadable(e);
    }
  }

  private static Failure.Unavailable unreadable(RuntimeException e) {
    return new Failure.Unavailable(
        "what is stored of this cannot be read", "Delete it, and make it anew.", e);
  }

  /** Reads and writes the JSON columns of entities. */
  AbstractJsonFormatMapper columns() {
    return new Columns();
  }

  /**
   * A column that cannot be read is null to its entity, which then says so: one damaged row must
   * not be the end of every list that it stands in, nor of its own deletion.
   */
  private final class Columns extends AbstractJsonFormatMapper {

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // Hibernate's signature
    protected <T> @Nullable T fromString(CharSequence json, Type type) {
      try {
        return mapper.readValue(json.toString(), mapper.constructType(type));
      } catch (JacksonException | Failure e) {
        log.warn("a JSON column cannot be read as {}: {}", type.getTypeName(), e.getMessage());
        return null;
      }
    }

    @Override
    protected <T> String toString(T value, Type type) {
      return mapper.writerFor(mapper.constructType(type)).writeValueAsString(value);
    }
  }
}
