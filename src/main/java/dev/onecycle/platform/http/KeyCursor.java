package dev.onecycle.platform.http;

import dev.onecycle.platform.Failure;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;

/**
 * As {@link Cursor}, for lists that are ordered by a number and then by their id: what changes
 * meanwhile neither repeats nor hides an entry that does not.
 *
 * @param limit entries of a part, 1 to 500
 * @param order the name of the order; a cursor of another one is refused
 * @param after the last entry of the part before, or null at the beginning
 */
public record KeyCursor(int limit, String order, @Nullable Entry after) {

  /** An entry's place in the order. */
  public record Entry(double key, UUID id) {}

  private static final int NUMBERS = Double.BYTES + 2 * Long.BYTES;

  /**
   * The cursor of a request's parameters, limit and cursor null when absent.
   *
   * @throws dev.onecycle.platform.Failure.Invalid if the limit is out of range or the cursor is not
   *     one that a page of this order gave
   */
  public static KeyCursor of(String order, @Nullable Integer limit, @Nullable String cursor) {
    return new KeyCursor(Cursor.limit(limit), order, cursor == null ? null : decode(order, cursor));
  }

  /** How many rows to read: one more than the part holds, which tells whether another follows. */
  public Limit fetch() {
    return Limit.of(limit + 1);
  }

  /**
   * The part made of rows that were read with {@link #fetch} and lie behind {@link #after}.
   *
   * @param entry the place of a row
   * @param view what is shown of a row
   */
  public <R, T> Page<T> page(List<R> rows, Function<R, Entry> entry, Function<R, T> view) {
    List<R> part = rows.subList(0, Math.min(limit, rows.size()));
    String next = rows.size() > limit ? encode(entry.apply(part.get(limit - 1))) : null;
    return new Page<>(part.stream().map(view).toList(), next);
  }

  private String encode(Entry entry) {
    byte[] name = order.getBytes(StandardCharsets.UTF_8);
    byte[] bytes =
        ByteBuffer.allocate(NUMBERS + name.length)
            .putDouble(entry.key())
            .putLong(entry.id().getMostSignificantBits())
            .putLong(entry.id().getLeastSignificantBits())
            .put(name)
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static Entry decode(String order, String cursor) {
    ByteBuffer bytes = ByteBuffer.wrap(bytes(cursor));
    if (bytes.remaining() >= NUMBERS) {
      Entry entry = new Entry(bytes.getDouble(), new UUID(bytes.getLong(), bytes.getLong()));
      if (StandardCharsets.UTF_8.decode(bytes).toString().equals(order)
          && Double.isFinite(entry.key())) {
        return entry;
      }
    }
    throw refused(cursor);
  }

  private static byte[] bytes(String cursor) {
    try {
      return Base64.getUrlDecoder().decode(cursor);
    } catch (IllegalArgumentException e) {
      throw refused(cursor);
    }
  }

  private static RuntimeException refused(String cursor) {
    return Failure.Invalid.field("cursor", "is not a cursor of this list", cursor, null);
  }
}
