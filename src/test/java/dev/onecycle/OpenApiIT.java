package dev.onecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.testing.OpenServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The committed description of the routes is the one that the service gives. */
class OpenApiIT extends OpenServer {

  private static final Path COMMITTED = Path.of("docs/openapi.json");
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** {@code -Donecycle.openapi.write=true} writes the file instead. */
  @Test
  void theCommittedDocumentIsTheServedOne() throws IOException {
    String served = MAPPER.writeValueAsString(sorted(http().get("/v3/api-docs").json())) + "\n";
    if (Boolean.getBoolean("onecycle.openapi.write")) {
      Files.createDirectories(COMMITTED.getParent());
      Files.writeString(COMMITTED, served);
    }
    assertThat(COMMITTED).exists();
    assertThat(served)
        .as("write it anew: ./mvnw verify -Dit.test=OpenApiIT -Donecycle.openapi.write=true")
        .isEqualTo(Files.readString(COMMITTED));
  }

  private static Object sorted(Object json) {
    return sort(MAPPER.convertValue(json, Object.class));
  }

  private static Object sort(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> sorted = new TreeMap<>();
      map.forEach((key, child) -> sorted.put((String) key, sort(child)));
      return sorted;
    }
    if (value instanceof List<?> list) {
      List<Object> sorted = new ArrayList<>();
      list.forEach(child -> sorted.add(sort(child)));
      return Collections.unmodifiableList(sorted);
    }
    return value;
  }
}
