package dev.onecycle.bench;

import dev.onecycle.network.Architecture;
import dev.onecycle.network.Initialization;
import dev.onecycle.network.Layout;
import dev.onecycle.network.Network;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.Parameters;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Seed;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Gradients;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchExecutor;
import dev.onecycle.training.AdamW;
import dev.onecycle.training.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Whole training steps of xresnet50 at 128px: pictures in, forward, loss, backward, AdamW. The fast
 * numerics beside PyTorch's default ones, on all cores.
 */
final class TrainStepBench implements Benchmark {

  private static final int SIZE = 128;
  private static final int STEPS = 3;

  private final TorchExecutor executor;
  private final List<Variant> variants = new ArrayList<>();
  private final List<Subject> subjects = new ArrayList<>();

  TrainStepBench() throws Exception {
    Torch torch = Torch.start(Runtime.getRuntime().availableProcessors(), null);
    Device device = torch.devices().get(0);
    executor = new TorchExecutor(torch, "bench", device);
    Layout layout = Layout.of(Architecture.named("xresnet50"), 10);
    StateDict state = Initialization.random(layout, new Seed(1));
    for (int batch : new int[] {16, 64}) {
      if (torch.prefersBfloat16(device)) {
        add("bfloat16 channels_last bs" + batch, state, Numerics.fast(DType.BFLOAT16), batch);
      }
      add("float32 channels_last bs" + batch, state, Numerics.fast(DType.FLOAT32), batch);
      add("float32 NCHW bs" + batch, state, Numerics.REFERENCE, batch);
    }
  }

  private void add(String name, StateDict state, Numerics numerics, int batch) throws Exception {
    Subject subject = executor.call(() -> new Subject(state, numerics, batch, SIZE));
    subjects.add(subject);
    variants.add(
        new Variant(
            name,
            () ->
                executor.call(
                    () -> Benchmark.perSecond(STEPS * batch, () -> subject.steps(STEPS)))));
  }

  @Override
  public String unit() {
    return "images/s";
  }

  @Override
  public List<Variant> variants() {
    return variants;
  }

  @Override
  public void close() {
    for (Subject subject : subjects) {
      executor
          .submit(
              () -> {
                subject.close();
                return true;
              })
          .join();
    }
    executor.close();
  }

  /** One network in training on random pictures. */
  static final class Subject {
    private final Network network;
    private final AdamW optimizer;
    private final Objective objective = new Objective(0);
    private final int size;
    private final float[] pixels;
    private final long[] labels;

    Subject(StateDict state, Numerics numerics, int batch, int size) {
      this.size = size;
      network = new Network(state, numerics);
      optimizer =
          new AdamW(network.parameters(), network.groups(1), new AdamW.Settings(.01, .99, 1e-5));
      RandomGenerator random = new Seed(2).generator();
      pixels = new float[batch * size * size * 3];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (float) random.nextGaussian();
      }
      labels = random.longs(batch, 0, 10).toArray();
    }

    void steps(int count) {
      Tensor loss;
      for (int i = 0; i < count; i++) {
        try (Scope step = Scope.open()) {
          Tensor pictures = Tensor.of(pixels, labels.length, size, size, 3);
          Parameters leaves = network.parameters().leaves();
          try (Gradients.Recording recording = Gradients.record()) {
            Tensor targets = Tensor.of(labels, labels.length);
            loss = objective.loss(network.train(leaves, pictures), targets);
          }
          loss.backward();
          optimizer.step(leaves.gradients(), List.of(new AdamW.Rates(1e-3, .9, false)));
          loss.item(); // sync point: the clock must see the whole step
        }
      }
    }

    void close() {
      optimizer.close();
      objective.close();
      network.close();
    }
  }
}
