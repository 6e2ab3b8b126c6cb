package dev.onecycle.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Grafana's dashboard and Prometheus's alerts, as they are provisioned. */
public final class Dashboard {

  private static final Pattern NOT_METRICS =
      Pattern.compile("\\{[^}]*}|\\[[^]]*]|\\bby \\([^)]*\\)|\\band\\b");
  private static final Pattern NAME = Pattern.compile("\\b[a-z]\\w+\\b(?!\\s*\\()");
  private static final Pattern EXPORTED = Pattern.compile("(?m)^\\w+");

  /** What Prometheus itself adds for each process that it reads. */
  private static final Set<String> OF_PROMETHEUS = Set.of("up");

  private Dashboard() {}

  /** Holds the queries of both against what a service exports that trained and predicted. */
  public static void requireItsMetricsIn(String exported) throws IOException {
    Set<String> there =
        EXPORTED.matcher(exported).results().map(MatchResult::group).collect(Collectors.toSet());
    Set<String> wanted = metrics();
    int ofDashboard = wanted.size();
    wanted.addAll(alerts());

    assertThat(ofDashboard).isGreaterThan(12);
    wanted.removeAll(OF_PROMETHEUS);
    assertThat(there).containsAll(wanted);
  }

  /** The metrics that its queries name. */
  private static Set<String> metrics() throws IOException {
    JsonNode board =
        new JsonMapper().readTree(Files.readString(Path.of("deploy/grafana/onecycle.json")));
    Set<String> names = new TreeSet<>();
    for (JsonNode panel : board.get("panels")) {
      assertThat(panel.get("targets")).as(panel.get("title").asString()).isNotEmpty();
      for (JsonNode target : panel.get("targets")) {
        names.addAll(metrics(target.get("expr").asString()));
      }
    }
    return names;
  }

  private static Set<String> alerts() throws IOException {
    String file = Files.readString(Path.of("deploy/prometheus/alerts.yml"));
    JsonNode rules = new JsonMapper().<JsonNode>valueToTree(new Yaml().<Object>load(file));
    Set<String> names = new TreeSet<>();
    for (JsonNode rule : rules.at("/groups/0/rules")) {
      assertThat(rule.at("/annotations/fix").asString()).as(rule.toString()).isNotBlank();
      names.addAll(metrics(rule.get("expr").asString()));
    }
    return names;
  }

  private static Set<String> metrics(String expression) {
    String query = NOT_METRICS.matcher(expression).replaceAll("");
    return NAME.matcher(query).results().map(MatchResult::group).collect(Collectors.toSet());
  }
}
