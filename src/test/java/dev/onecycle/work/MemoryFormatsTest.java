package dev.onecycle.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.network.MemoryFormat;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.OnTorchThread;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnTorchThread.class)
class MemoryFormatsTest {

  private final MemoryFormats formats = new MemoryFormats();
  private final List<String> log = new ArrayList<>();

  @Test
  void measuresOnceForEachNetworkAndSizeAndSaysWhatItFound() {
    MemoryFormat first = formats.faster(recipe("xresnet18", 32), DType.FLOAT32, log::add);
    assertThat(log).hasSize(1);
    assertThat(log.get(0)).startsWith("steps are ").endsWith(": " + first + " it is");
    for (int again = 0; again < 3; again++) {
      assertThat(formats.faster(recipe("xresnet18", 32), DType.FLOAT32, log::add)).isEqualTo(first);
    }
    assertThat(log).hasSize(1);
    formats.faster(recipe("xresnet18", 40), DType.FLOAT32, log::add);
    assertThat(log).hasSize(2);
  }

  /** All kinds of layers have both forms. */
  @Test
  void measuresTheNetworksOfThePresets() {
    for (String preset : List.of("fast", "leaderboard")) {
      Recipe recipe = RecipeReader.read(preset, Map.of("phases", phases(32)));
      formats.faster(recipe, DType.FLOAT32, log::add);
    }
    assertThat(log).hasSize(2);
  }

  /** Steps of 100 and of 125, most of them slowed down by something else. */
  @Test
  void aBusyMachineDoesNotChoose() {
    Iterator<Double> usual = List.of(900.0, 300.0, 300.0, 280.0, 250.0, 100.0).iterator();
    Iterator<Double> other = List.of(800.0, 125.0, 400.0, 130.0, 400.0, 126.0).iterator();
    assertThat(MemoryFormats.speedup(usual::next, other::next)).isEqualTo(100.0 / 125);
    assertThat(usual).isExhausted();
  }

  @Test
  void leavesTheUsualOneOnlyForWhatIsClearlyFaster() {
    assertThat(MemoryFormats.choice(0.8)).isEqualTo(MemoryFormat.CHANNELS_LAST);
    assertThat(MemoryFormats.choice(1.04)).isEqualTo(MemoryFormat.CHANNELS_LAST);
    assertThat(MemoryFormats.choice(1.05)).isEqualTo(MemoryFormat.CONTIGUOUS);
  }

  private static Recipe recipe(String architecture, int size) {
    return RecipeReader.read(Map.of("architecture", architecture, "phases", phases(size)), null);
  }

  private static List<Map<String, Integer>> phases(int size) {
    return List.of(Map.of("size", size, "batchSize", 2, "epochs", 1));
  }
}
