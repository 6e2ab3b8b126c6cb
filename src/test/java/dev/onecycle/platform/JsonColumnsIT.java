package dev.onecycle.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.recipe.Presets;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.testing.Postgres;
import fixture.Shelf;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.SessionFactory;
import org.hibernate.jpa.HibernatePersistenceConfiguration;
import org.junit.jupiter.api.Test;

/** Records and lists come back from JSON columns as they went in, on both databases. */
class JsonColumnsIT {

  @Test
  void h2() {
    roundTrip("jdbc:h2:mem:shelf;DB_CLOSE_DELAY=-1");
  }

  @Test
  void postgres() {
    roundTrip(Postgres.newDatabase());
  }

  private static void roundTrip(String url) {
    Map<String, Object> properties = new HashMap<>();
    new PlatformConfiguration().jsonColumns(new StoredJson()).customize(properties);
    try (SessionFactory sessions =
        new HibernatePersistenceConfiguration("shelf")
            .managedClass(Shelf.class)
            .properties(properties)
            .property("jakarta.persistence.jdbc.url", url)
            .property("hibernate.hbm2ddl.auto", "create-drop")
            .createEntityManagerFactory()) {
      UUID id = UUID.randomUUID();
      Recipe recipe = Presets.named("notebook-progressive").recipe();
      List<Instant> times = List.of(Instant.parse("2026-01-01T00:00:00.123456Z"));
      sessions.inTransaction(
          session -> {
            Shelf shelf = new Shelf();
            shelf.id = id;
            shelf.recipe = recipe;
            shelf.times = times;
            session.persist(shelf);
          });
      sessions.inTransaction(
          session -> {
            Shelf shelf = session.find(Shelf.class, id);
            assertThat(shelf.recipe).isEqualTo(recipe);
            assertThat(shelf.times).isEqualTo(times);
          });
      // An object, not a string that holds one: the database itself can look inside.
      sessions.inTransaction(
          session ->
              assertThat(
                      session
                          .createNativeQuery(
                              "select cast(recipe as varchar) from Shelf", String.class)
                          .getSingleResult())
                  .startsWith("{"));
    }
  }
}
