package dev.onecycle.checkpoint.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.Preprocessing;
import dev.onecycle.image.Normalization;
import dev.onecycle.image.Picture;
import dev.onecycle.image.Views;
import dev.onecycle.image.decoding.TestFiles;
import dev.onecycle.network.Architecture;
import dev.onecycle.network.FormulaNetworks;
import dev.onecycle.network.Layout;
import dev.onecycle.network.Network;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.recipe.Activation;
import dev.onecycle.recipe.NetworkKind;
import dev.onecycle.recipe.Pooling;
import dev.onecycle.torch.OnTorchThread;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written runs in ONNX Runtime, and answers what the network answers. */
@ExtendWith(OnTorchThread.class)
class OnnxModelTest {

  private static final List<String> LABELS = labels();
  private static final OnnxModel.Options PLAIN = new OnnxModel.Options(false, false, false);

  private static OnnxRuntime runtime;

  @BeforeAll
  static void start() throws IOException {
    runtime = new OnnxRuntime();
  }

  @AfterAll
  static void stop() throws IOException {
    runtime.close();
  }

  private static List<String> labels() {
    List<String> labels = new ArrayList<>(List.of("ant", "b\u00e4r \ud83d\udc3b"));
    while (labels.size() < 10) {
      labels.add("label " + labels.size());
    }
    return labels;
  }

  private static final NetworkKind PLAINEST = NetworkKind.plain("xresnet18");

  private static StateDict state(NetworkKind kind) {
    return FormulaNetworks.outspoken(Layout.of(Architecture.of(kind), LABELS.size()));
  }

  private static byte[] model(
      NetworkKind kind, StateDict state, int size, OnnxModel.Options options) throws IOException {
    Manifest manifest =
        new Manifest(
            kind,
            LABELS,
            new Preprocessing(size, size, Normalization.imagenet()),
            null,
            null,
            null);
    OnnxModel model = new OnnxModel(manifest, options, state.values()::get);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    model.write(bytes);
    assertThat(bytes.size()).isEqualTo(model.size());
    return bytes.toByteArray();
  }

  /** [n, S, S, 3] as [n, 3, S, S]. */
  private static float[] planes(float[] rows, int size) {
    int area = size * size;
    float[] planes = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      int picture = i / (3 * area);
      planes[(picture * 3 + i % 3) * area + i / 3 % area] = rows[i];
    }
    return planes;
  }

  private static float[][] ours(StateDict state, Tensor pictures) {
    try (Network network = new Network(state, Numerics.REFERENCE);
        Scope scope = Scope.open()) {
      float[] all = network.evaluate(pictures).floats();
      float[][] logits = new float[all.length / LABELS.size()][];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = Arrays.copyOfRange(all, i * LABELS.size(), (i + 1) * LABELS.size());
      }
      return logits;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "xresnet18,RELU,MAX,false,64,1",
    "xresnet18,MISH,MAXBLUR,true,97,3",
    "xresnet34,GELU,MAXBLUR,false,33,2",
    "xresnet18,SILU,MAX,true,64,2",
    "xse_resnet18,HARDSWISH,MAX,false,64,2",
    "xresnext50,RELU,MAX,false,64,1",
    "xresnet50,RELU,MAX,false,97,2"
  })
  void itsLogitsAreTheNetworks(
      String architecture,
      Activation activation,
      Pooling pooling,
      boolean attention,
      int size,
      int pictures)
      throws Exception {
    NetworkKind kind = new NetworkKind(architecture, activation, pooling, attention);
    StateDict state = state(kind);
    byte[] model = model(kind, state, size, PLAIN);
    assertThat(model(kind, state, size, PLAIN)).as("written again").isEqualTo(model);
    Tensor input = FormulaNetworks.input(5, pictures, size);
    float[][] expected = ours(state, input);
    Map<?, ?> answer =
        runtime.run(model, "pixels", planes(input.floats(), size), pictures, 3, size, size);
    float[][] logits = (float[][]) answer.get("logits");
    float[][] probabilities = (float[][]) answer.get("probabilities");
    assertThat(logits).hasDimensions(pictures, LABELS.size());
    for (int i = 0; i < pictures; i++) {
      assertThat(logits[i]).containsExactly(expected[i], within(1e-4f));
      double sum = 0;
      for (float probability : probabilities[i]) {
        sum += probability;
      }
      assertThat(sum).isCloseTo(1, within(1e-5));
    }
    assertThat(expected[0][0]).isNotCloseTo(expected[0][1], within(1e-2f));
  }

  @Test
  void itNormalizesAndNamesTheBestLabel() throws Exception {
    StateDict state = state(PLAINEST);
    byte[] model = model(PLAINEST, state, 64, new OnnxModel.Options(true, false, true));
    Picture picture = TestFiles.ramp(64, 64);
    FloatBuffer view = view(picture, 64);
    float[] scaled = Normalization.imagenet().undo(view.array());
    float[] expected = ours(state, Tensor.of(view, 1, 64, 64, 3))[0];
    Map<?, ?> answer = runtime.run(model, "pixels", planes(scaled, 64), 1, 3, 64, 64);
    assertThat(((float[][]) answer.get("logits"))[0]).containsExactly(expected, within(1e-4f));
    int best = 0;
    for (int k = 1; k < expected.length; k++) {
      best = expected[k] > expected[best] ? k : best;
    }
    assertThat((String[]) answer.get("label")).containsExactly(LABELS.get(best));
  }

  private static FloatBuffer view(Picture picture, int size) {
    Views views = Views.of(size, size, Normalization.imagenet());
    FloatBuffer view = FloatBuffer.allocate(views.length());
    views.validView(picture, view, 0);
    return view;
  }

  /** The middle square of pictures of any size: wide, high, as it is, smaller. */
  @ParameterizedTest
  @CsvSource({"200,150", "130,301", "64,64", "50,40"})
  void itTakesPicturesOfAnySize(int width, int height) throws Exception {
    StateDict state = state(PLAINEST);
    byte[] model = model(PLAINEST, state, 64, new OnnxModel.Options(false, true, false));
    Picture picture = TestFiles.ramp(width, height);
    float[] expected = ours(state, Tensor.of(view(picture, 64), 1, 64, 64, 3))[0];
    Map<?, ?> answer = runtime.run(model, "picture", picture.rgb(), 1, height, width, 3);
    float[] logits = ((float[][]) answer.get("logits"))[0];
    assertThat(logits).containsExactly(expected, within(0.05f));
  }

  @Test
  void itSaysWhatItsUsersNeedToKnow() throws Exception {
    byte[] model = model(PLAINEST, state(PLAINEST), 64, PLAIN);
    Map<?, ?> answer = runtime.run(model, "pixels", new float[3 * 64 * 64], 1, 3, 64, 64);
    Map<?, ?> metadata = (Map<?, ?>) answer.get("metadata");
    assertThat(metadata.get("architecture")).isEqualTo("xresnet18");
    assertThat(metadata.get("size")).isEqualTo("64");
    assertThat(metadata.get("mean")).isEqualTo("[0.485,0.456,0.406]");
    assertThat(metadata.get("std")).isEqualTo("[0.229,0.224,0.225]");
    assertThat((String) metadata.get("labels")).startsWith("[\"ant\",\"b\u00e4r ");
    assertThat(answer.get("inputs")).isEqualTo(List.of("pixels"));
    assertThat(answer.get("outputs")).isEqualTo(List.of("logits", "probabilities"));
  }
}
