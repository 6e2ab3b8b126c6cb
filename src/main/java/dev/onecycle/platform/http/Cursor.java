package dev.onecycle.platform.http;

import dev.onecycle.platform.Failure;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;

/**
 * Where a part of a list starts and how long it is. Lists are ordered by their UUIDv7, newest
 * first, so what is added meanwhile neither repeats nor hides an entry.
 *
 * <p>A route reads {@code Cursor.of(limit, cursor)}, asks for {@link #fetch} rows whose id is less
 * than {@link #before}, descending, and answers {@link #page}.
 *
 * @param limit entries of a part, 1 to 500
 * @param before the id that the part's ids are less than
 */
public record Cursor(int limit, UUID before) {

  private static final int DEFAULT_LIMIT = 50;
  private static final int MAXIMUM_LIMIT = 500;
  private static final UUID NEWEST = new UUID(-1, -1);

  /**
   * The cursor of a request's parameters, either null when absent.
   *
   * @throws dev.onecycle.platform.Failure.Invalid if the limit is out of range or the cursor is not
   *     one that a page gave
   */
  public static Cursor of(@Nullable Integer limit, @Nullable String cursor) {
    return new Cursor(limit(limit), cursor == null ? NEWEST : decode(cursor));
  }

  /** The limit of a request, null when absent. */
  static int limit(@Nullable Integer limit) {
    int size = limit == null ? DEFAULT_LIMIT : limit;
    if (size < 1) {
      throw invalid("limit", size + " < minimum 1", size, 1);
    }
    if (size > MAXIMUM_LIMIT) {
      throw invalid("limit", size + " > maximum " + MAXIMUM_LIMIT, size, MAXIMUM_LIMIT);
    }
    return size;
  }

  /** How many rows to read: one more than the part holds, which tells whether another follows. */
  public Limit fetch() {
    return Limit.of(limit + 1);
  }

  /**
   * The part made of rows that were read with {@link #fetch} and {@link #before}.
   *
   * @param id the id of a row
   * @param view what is shown of a row
   */
  public <R, T> Page<T> page(List<R> rows, Function<R, UUID> id, Function<R, T> view) {
    List<R> part = rows.subList(0, Math.min(limit, rows.size()));
    String next = rows.size() > limit ? encode(id.apply(part.get(limit - 1))) : null;
    return new Page<>(part.stream().map(view).toList(), next);
  }

  private static String encode(UUID id) {
    byte[] bytes =
        ByteBuffer.allocate(16)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static UUID decode(String cursor) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(cursor);
      if (bytes.length == 16) {
        ByteBuffer id = ByteBuffer.wrap(bytes);
        return new UUID(id.getLong(), id.getLong());
      }
    } catch (IllegalArgumentException e) {
      throw invalid("cursor", "is not a cursor of this list", cursor, null);
    }
    throw invalid("cursor", "is not a cursor of this list", cursor, null);
  }

  private static RuntimeException invalid(
      String field, String message, Object value, @Nullable Object allowed) {
    return Failure.Invalid.field(field, message, value, allowed);
  }
}
