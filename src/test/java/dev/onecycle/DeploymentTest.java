package dev.onecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the compose file and the manifests say against what is there. */
class DeploymentTest {

  private static final Path KUBERNETES = Path.of("deploy/kubernetes");
  private static final Pattern VARIABLE = Pattern.compile("\\bONECYCLE_[A-Z0-9_]+(?=[:=]|, value)");

  /** Of the compose file only: where it listens, what it is made of, and keys by shorter names. */
  private static final Set<String> OF_COMPOSE =
      Set.of(
          "ONECYCLE_PORT",
          "ONECYCLE_GPU_PORT",
          "ONECYCLE_IMAGE",
          "ONECYCLE_GPU_IMAGE",
          "ONECYCLE_API_KEY",
          "ONECYCLE_VIEWER_KEY");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "docker-compose.yml",
        ".env.example",
        "deploy/kubernetes/settings.env",
        "deploy/kubernetes/api.yaml",
        "deploy/kubernetes/worker.yaml",
        "deploy/kubernetes/README.md"
      })
  void everyVariableIsASetting(String file) throws Exception {
    Set<String> settings =
        ReadmeTest.settings().keySet().stream()
            .map(name -> name.toUpperCase(Locale.ROOT).replace('.', '_').replace("-", ""))
            .collect(Collectors.toSet());

    assertThat(VARIABLE.matcher(Files.readString(Path.of(file))).results().map(m -> m.group()))
        .isNotEmpty()
        .filteredOn(variable -> !OF_COMPOSE.contains(variable))
        .allMatch(variable -> settings.contains(variable.replaceFirst("_\\d+_.*", "")));
  }

  @Test
  void theManifestsRunTheImagesAsTheyAreBuilt() throws Exception {
    String dockerfile = Files.readString(Path.of("Dockerfile"));
    JsonNode base = yaml(KUBERNETES.resolve("kustomization.yaml")).get(0);
    for (JsonNode image : base.get("images")) {
      assertThat(dockerfile).contains(" AS " + image.get("newTag").asString() + "\n");
    }
    for (String file : List.of("api.yaml", "worker.yaml")) {
      assertThat(base.get("resources").valueStream().map(JsonNode::asString)).contains(file);
      JsonNode pod = yaml(KUBERNETES.resolve(file)).get(0).at("/spec/template/spec");
      assertThat(dockerfile).contains("\nUSER " + pod.at("/securityContext/runAsUser") + "\n");
      JsonNode container = pod.at("/containers/0");
      assertThat(dockerfile).contains("\nEXPOSE " + container.at("/ports/0/containerPort") + "\n");
      assertThat(dockerfile)
          .contains("\nVOLUME " + container.at("/volumeMounts/0/mountPath").asString() + "\n");
      assertThat(base.get("images").valueStream().map(image -> image.get("name")))
          .contains(container.get("image"));
    }
    assertThat(yaml(KUBERNETES.resolve("worker.yaml")).get(0).findPath("nvidia.com/gpu").asInt())
        .isEqualTo(1);
  }

  /** The documents of a file. */
  private static List<JsonNode> yaml(Path file) throws IOException {
    JsonMapper mapper = new JsonMapper();
    return StreamSupport.stream(new Yaml().loadAll(Files.readString(file)).spliterator(), false)
        .map(document -> mapper.<JsonNode>valueToTree(document))
        .toList();
  }
}
