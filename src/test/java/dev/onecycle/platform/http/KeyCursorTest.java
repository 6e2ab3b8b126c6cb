package dev.onecycle.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Ids;
import dev.onecycle.platform.http.KeyCursor.Entry;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyCursorTest {

  private final Ids ids = new Ids(Clock.systemUTC());
  private final List<Entry> rows =
      Stream.of(.5, .25, -1.0).map(key -> new Entry(key, ids.next())).toList();

  @Test
  void goesOnBehindTheLastEntryOfThePart() {
    KeyCursor first = KeyCursor.of("-accuracy", 2, null);
    assertThat(first.after()).isNull();
    assertThat(first.fetch().max()).isEqualTo(3);
    Page<Entry> page = first.page(rows, Function.identity(), Function.identity());
    assertThat(page.items()).isEqualTo(rows.subList(0, 2));
    assertThat(KeyCursor.of("-accuracy", 2, page.nextCursor()).after()).isEqualTo(rows.get(1));
    assertThat(first.page(rows.subList(0, 2), Function.identity(), Function.identity()))
        .extracting(Page::nextCursor)
        .isNull();
  }

  @Test
  void aCursorOfAnotherOrderIsRefused() {
    String cursor =
        KeyCursor.of("-accuracy", 1, null)
            .page(rows, Function.identity(), Function.identity())
            .nextCursor();
    assertThatThrownBy(() -> KeyCursor.of("accuracy", 1, cursor))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("cursor");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "AAAA", "not base64!"})
  void aForeignCursorIsRefused(String cursor) {
    assertThatThrownBy(() -> KeyCursor.of("priority", null, cursor))
        .isInstanceOf(Failure.Invalid.class);
  }

  @Test
  void aPartHasTheLimitsOfEveryList() {
    assertThatThrownBy(() -> KeyCursor.of("priority", 501, null))
        .hasMessage("limit: 501 > maximum 500");
  }
}
