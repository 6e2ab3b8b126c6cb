package dev.onecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/** What the documents say against what is there. */
class ReadmeTest {

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(onecycle\\.[^`]+)` \\| `?([^|`]*)`? \\|");
  private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]+)");

  @Test
  void theTableListsEverySettingWithItsDefault() throws Exception {
    Map<String, String> rows = new TreeMap<>();
    matches(ROW, "README.md").forEach(row -> rows.put(row.group(1), row.group(2).strip()));

    assertThat(rows).isEqualTo(settings());
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "CONTRIBUTING.md", "RATIONALE.md", "SECURITY.md"})
  void everyRelativeLinkLeadsSomewhere(String document) throws Exception {
    assertThat(matches(LINK, document).map(link -> Path.of(link.group(1)))).allMatch(Files::exists);
  }

  private static Stream<MatchResult> matches(Pattern pattern, String document) throws IOException {
    return pattern.matcher(Files.readString(Path.of(document))).results();
  }

  /** Every component of every settings record: its full name to its default. */
  private static Map<String, String> settings() throws ClassNotFoundException {
    var scanner = new ClassPathScanningCandidateComponentProvider(false);
    scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
    Map<String, String> settings = new TreeMap<>();
    for (var found : scanner.findCandidateComponents("dev.onecycle")) {
      Class<?> type = Class.forName(found.getBeanClassName());
      String prefix = type.getAnnotation(ConfigurationProperties.class).value();
      for (Parameter parameter : type.getDeclaredConstructors()[0].getParameters()) {
        DefaultValue value = parameter.getAnnotation(DefaultValue.class);
        settings.put(
            prefix + "." + dashed(parameter.getName()),
            value == null || value.value().length == 0 ? "none" : String.join(", ", value.value()));
      }
    }
    return settings;
  }

  private static String dashed(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
