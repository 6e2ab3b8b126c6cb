package dev.onecycle.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.check.Report.Part;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code bin/gpu-check} tries on a GPU, on a processor. */
class GpuCheckTest {

  private static final Subject PROCESSOR =
      new Subject(Torch.start(1, null), Device.CPU, Extent.SMALL);

  @Test
  void aProcessorPassesAllOfThem() {
    Report report = Report.of(PROCESSOR);

    Map<String, Part> parts =
        report.checks().stream().collect(Collectors.toMap(Part::name, Function.identity()));
    assertThat(report.checks()).extracting(Part::problem).containsOnlyNulls();
    assertThat(report.verdict()).isEqualTo("passed");
    assertThat(measured(parts, "staging"))
        .containsEntry("first number", 8.0)
        .containsEntry("last number", 9.0);
    assertThat(measured(parts, "train-step"))
        .containsKeys("32px batch 4, images/s", "32px batch 8, MB in use");
    assertThat(measured(parts, "memory"))
        .containsKeys("MB in use at step 2", "MB in use at step 20");
    assertThat(measured(parts, "resume"))
        .containsEntry("steps after the resumption", 6.0)
        .containsEntry("two whole runs apart", 0.0)
        .containsEntry("the resumed one off", 0.0);
    assertThat(measured(parts, "out-of-memory"))
        .containsEntry("what no memory has", "refused for want of memory");
    assertThat(measured(parts, "lost-device"))
        .containsEntry("a label that does not exist", "OTHER")
        .containsEntry("a step afterwards", "computes");
    assertThat((Double) measured(parts, "serving").get("FLOAT32 at 32px, off")).isLessThan(1e-4);
    assertThat((Double) measured(parts, "loader").get("share of the epoch that waits for pictures"))
        .isBetween(0.0, 1.0);
  }

  private static Map<String, Object> measured(Map<String, Part> parts, String name) {
    return parts.get(name).measured();
  }

  @Test
  void whatFailsIsSaidAndTheRestIsTriedAllTheSame() {
    Report report =
        Report.of(
            PROCESSOR,
            List.of(new Broken("a bug", new IllegalStateException("gone")), new StagingCheck()));

    JsonNode json = JsonMapper.builder().build().readTree(GpuCheck.json(report));
    assertThat(json.get("verdict").asString()).isEqualTo("failed");
    assertThat(json.get("device").asString()).isEqualTo("cpu");
    assertThat(json.at("/checks/0/problem").asString()).contains("gone");
    assertThat(json.at("/checks/1/passed").asBoolean()).isTrue();
  }

  @Test
  void theFirstProblemOfACheckIsItsProblem() {
    Finding.Notes notes = new Finding.Notes();
    notes.put("share", 1.0 / 3);
    notes.put("nothing", Double.NaN);
    notes.require(true, "fine");
    notes.require(false, "first");
    notes.require(false, "second");

    assertThat(notes.finding())
        .isEqualTo(new Finding(Map.of("share", 0.3333, "nothing", "unknown"), "first"));
  }

  private record Broken(String name, RuntimeException problem) implements Check {
    @Override
    public Finding of(Subject subject) {
      throw problem;
    }
  }
}
