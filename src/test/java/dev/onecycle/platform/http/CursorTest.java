package dev.onecycle.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Ids;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

  private final Ids ids = new Ids(Clock.systemUTC());

  /** What a repository does: newest first, below the cursor, no more than asked for. */
  private static Page<UUID> read(List<UUID> table, Cursor cursor) {
    List<UUID> rows =
        table.stream()
            .filter(
                id -> id.compareTo(cursor.before()) < 0 || cursor.before().equals(new UUID(-1, -1)))
            .sorted(Comparator.reverseOrder())
            .limit(cursor.fetch().max())
            .toList();
    return cursor.page(rows, Function.identity(), Function.identity());
  }

  @Test
  void everyEntryComesOnceWhileNewOnesArrive() {
    List<UUID> table = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      table.add(ids.next());
    }
    List<UUID> wanted = new ArrayList<>(table);
    wanted.sort(Comparator.reverseOrder());
    List<UUID> seen = new ArrayList<>();
    String next = null;
    do {
      Page<UUID> page = read(table, Cursor.of(3, next));
      assertThat(page.items()).hasSizeBetween(1, 3);
      seen.addAll(page.items());
      table.add(ids.next());
      next = page.nextCursor();
    } while (next != null);
    assertThat(seen).isEqualTo(wanted);
  }

  @Test
  void aListThatEndsWithThePartHasNoNext() {
    List<UUID> table = List.of(ids.next(), ids.next());
    assertThat(read(table, Cursor.of(2, null)).nextCursor()).isNull();
    assertThat(read(List.of(), Cursor.of(2, null)).items()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "AAAA", "not base64!", "00000000-0000-7000-8000-000000000000"})
  void aForeignCursorIsRefused(String cursor) {
    assertThatThrownBy(() -> Cursor.of(null, cursor))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("cursor");
  }

  @Test
  void aPartHasLimits() {
    assertThat(Cursor.of(null, null).limit()).isEqualTo(50);
    assertThatThrownBy(() -> Cursor.of(0, null)).hasMessage("limit: 0 < minimum 1");
    assertThatThrownBy(() -> Cursor.of(501, null)).hasMessage("limit: 501 > maximum 500");
  }
}
