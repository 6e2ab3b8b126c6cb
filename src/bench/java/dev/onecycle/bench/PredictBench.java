package dev.onecycle.bench;

import static java.util.Objects.requireNonNull;

import dev.onecycle.network.Architecture;
import dev.onecycle.network.InferenceNetwork;
import dev.onecycle.network.Initialization;
import dev.onecycle.network.Layout;
import dev.onecycle.network.Network;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.RangeFinder;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Seed;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchExecutor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * One forward pass of xresnet50 from pixels in an array to logits in an array, on all cores: the
 * training's evaluation beside the network that serves, and beside Python's PyTorch, eager and
 * compiled with its weights frozen, OpenVINO and ONNX Runtime, all in every precision that this
 * processor is fast at; the network that serves in int8 as well. A batch of five is a picture with
 * four augmented views.
 */
final class PredictBench implements Benchmark {

  private static final int PASSES = 5;

  private final TorchExecutor executor;
  private final List<Variant> variants = new ArrayList<>();
  private final List<Runnable> closings = new ArrayList<>();
  private final PythonPeer python = PythonPeer.torch();
  private final PythonPeer openVino = PythonPeer.openVino();
  private final PythonPeer onnxRuntime = PythonPeer.onnxRuntime();

  PredictBench() throws Exception {
    Torch torch = Torch.start(Runtime.getRuntime().availableProcessors(), null);
    Device device = torch.devices().get(0);
    executor = new TorchExecutor(torch, "bench", device);
    StateDict state =
        Initialization.random(Layout.of(Architecture.named("xresnet50"), 10), new Seed(1));
    if (torch.prefersBfloat16(device)) {
      add(state, DType.BFLOAT16);
    }
    add(state, DType.FLOAT32);
    if (torch.multipliesInt8(device)) {
      addInt8(state, 224, 1, 5, 8);
      addInt8(state, 128, 1);
    }
  }

  private void addInt8(StateDict state, int size, int... batches) throws Exception {
    float[] looked = pixels(8 * size * size * 3);
    InferenceNetwork rounded =
        executor.call(
            () -> {
              try (RangeFinder finder = new RangeFinder(state, size);
                  Scope scope = Scope.open()) {
                finder.look(Tensor.of(looked, 8, size, size, 3));
                return InferenceNetwork.int8(state, requireNonNull(finder.ranges()), size);
              }
            });
    closings.add(rounded::close);
    for (int batch : batches) {
      float[] pixels = pixels(batch * size * size * 3);
      add("fused int8 %dpx bs%d".formatted(size, batch), rounded::logits, pixels, batch, size);
    }
  }

  private void add(StateDict state, DType precision) throws Exception {
    Network plain = executor.call(() -> new Network(state, Numerics.fast(precision)));
    closings.add(plain::close);
    add(state, precision, plain, 224, 1, 5, 8);
    add(state, precision, plain, 128, 1);
  }

  private void add(StateDict state, DType precision, Network plain, int size, int... batches)
      throws Exception {
    InferenceNetwork fused = executor.call(() -> InferenceNetwork.of(state, precision, size));
    closings.add(fused::close);
    for (int batch : batches) {
      float[] pixels = pixels(batch * size * size * 3);
      String shape = " %s %dpx bs%d".formatted(name(precision), size, batch);
      addPython(python, "eager", precision, size, batch);
      addPython(python, "compiled", precision, size, batch);
      addPython(openVino, "openvino", precision, size, batch);
      if (precision == DType.FLOAT32) {
        addPython(onnxRuntime, "onnxruntime", precision, size, batch);
      }
      add("evaluate" + shape, plain::evaluate, pixels, batch, size);
      add("fused" + shape, fused::logits, pixels, batch, size);
    }
  }

  private void add(
      String name, UnaryOperator<Tensor> network, float[] pixels, int batch, int size) {
    // As the service hands its views over.
    ByteBuffer input = ByteBuffer.allocateDirect(pixels.length * Float.BYTES);
    FloatBuffer floats = input.order(ByteOrder.nativeOrder()).asFloatBuffer();
    Work passes =
        () -> {
          for (int i = 0; i < PASSES; i++) {
            try (Scope pass = Scope.open()) {
              floats.rewind().put(pixels);
              network.apply(Tensor.over(input, batch, size, size, 3)).floats();
            }
          }
        };
    variants.add(
        new Variant(name, () -> executor.call(() -> Benchmark.milliseconds(passes) / PASSES)));
  }

  private void addPython(PythonPeer peer, String engine, DType precision, int size, int batch) {
    if (peer != null) {
      String name = "Python %s %s %dpx bs%d".formatted(engine, name(precision), size, batch);
      String command =
          "predict %s %s %d %d %d".formatted(engine, name(precision), size, batch, PASSES);
      variants.add(new Variant(name, () -> peer.measure(command)));
    }
  }

  private static String name(DType precision) {
    return precision.toString().toLowerCase(Locale.ROOT);
  }

  private static float[] pixels(int count) {
    RandomGenerator random = new Seed(2).generator();
    float[] pixels = new float[count];
    for (int i = 0; i < count; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return pixels;
  }

  @Override
  public String unit() {
    return "ms";
  }

  @Override
  public List<Variant> variants() {
    return variants;
  }

  @Override
  public void close() {
    closings.forEach(closing -> executor.submit(Executors.callable(closing)).join());
    executor.close();
    for (PythonPeer peer : Arrays.asList(python, openVino, onnxRuntime)) {
      if (peer != null) {
        peer.close();
      }
    }
  }
}
