package dev.onecycle.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.image.Normalization;
import dev.onecycle.network.FormulaNetworks;
import dev.onecycle.network.InferenceNetwork;
import dev.onecycle.network.StateDict;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.OnTorchThread;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnTorchThread.class)
class SelfTestTest {

  private final Manifest manifest = States.manifest(List.of("a", "b", "c"), null);
  private final StateDict state = FormulaNetworks.outspoken(manifest.layout());

  private SelfTest test() {
    return SelfTest.of(manifest, state);
  }

  private double deviation(StateDict of, Preprocessing preprocessing, DType precision) {
    int size = preprocessing.size();
    SelfTest test = test();
    try (InferenceNetwork network = InferenceNetwork.of(of, precision, size);
        Scope scope = Scope.open()) {
      Tensor input = Tensor.of(test.input(preprocessing), SelfTest.PICTURES, size, size, 3);
      return test.deviation(network.logits(input).floats());
    }
  }

  @Test
  void theServingNetworkPasses() {
    assertThat(deviation(state, manifest.preprocessing(), DType.FLOAT32)).isLessThan(1e-4);
    assertThat(deviation(state, manifest.preprocessing(), DType.BFLOAT16)).isLessThan(0.03);
  }

  @Test
  void anotherPreprocessingDoesNot() {
    Preprocessing unscaled = new Preprocessing(72, 64, Normalization.none());
    assertThat(deviation(state, unscaled, DType.FLOAT32)).isGreaterThan(0.06);
  }

  @Test
  void otherWeightsDoNot() {
    Map<String, float[]> values = new LinkedHashMap<>(state.values());
    values.computeIfPresent("4.0.convpath.0.0.weight", (name, weight) -> new float[weight.length]);
    assertThat(values).isNotEqualTo(state.values());
    StateDict damaged = new StateDict(state.layout(), values, 0);
    assertThat(deviation(damaged, manifest.preprocessing(), DType.FLOAT32)).isGreaterThan(0.01);
  }

  @Test
  void whatIsNoNumberNeverPasses() {
    float[] logits = new float[SelfTest.PICTURES * 3];
    logits[4] = Float.NaN;
    assertThat(test().deviation(logits)).isNaN();
    assertThat(SelfTest.UNKNOWN.deviation(logits)).isNaN();
    logits[4] = Float.POSITIVE_INFINITY;
    assertThat(SelfTest.UNKNOWN.deviation(logits)).isNaN();
    logits[4] = 17;
    assertThat(SelfTest.UNKNOWN.deviation(logits)).isZero();
    Map<String, float[]> values = new LinkedHashMap<>(state.values());
    values.computeIfPresent("11.bias", (name, bias) -> new float[] {0, Float.NaN, 0});
    assertThat(SelfTest.of(manifest, new StateDict(state.layout(), values, 0))).isNull();
  }
}
