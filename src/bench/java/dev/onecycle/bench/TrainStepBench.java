package dev.onecycle.bench;

import dev.onecycle.check.TrainSubject;
import dev.onecycle.network.Architecture;
import dev.onecycle.network.Initialization;
import dev.onecycle.network.Layout;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Seed;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;

/**
 * Whole training steps of xresnet50 at 128px: pictures in, forward, loss, backward, AdamW. The fast
 * numerics of this processor beside PyTorch's default ones, and beside Python's PyTorch in the
 * same, on all cores.
 */
final class TrainStepBench implements Benchmark {

  private static final int SIZE = 128;
  private static final int STEPS = 3;

  private final TorchExecutor executor;
  private final List<Variant> variants = new ArrayList<>();
  private final List<TrainSubject> subjects = new ArrayList<>();
  private final PythonPeer python = PythonPeer.torch();

  TrainStepBench() throws Exception {
    Torch torch = Torch.start(Runtime.getRuntime().availableProcessors(), null);
    Device device = torch.devices().get(0);
    executor = new TorchExecutor(torch, "bench", device);
    Layout layout = Layout.of(Architecture.named("xresnet50"), 10);
    StateDict state = Initialization.random(layout, new Seed(1));
    for (int batch : new int[] {16, 64}) {
      if (torch.prefersBfloat16(device)) {
        addPython("channels_last bfloat16", batch);
        add("bfloat16 channels_last bs" + batch, state, Numerics.fast(DType.BFLOAT16), batch);
      }
      addPython("channels_last float32", batch);
      addPython("NCHW float32", batch);
      add("float32 channels_last bs" + batch, state, Numerics.fast(DType.FLOAT32), batch);
      add("float32 NCHW bs" + batch, state, Numerics.REFERENCE, batch);
    }
  }

  private void add(String name, StateDict state, Numerics numerics, int batch) throws Exception {
    TrainSubject subject = executor.call(() -> new TrainSubject(state, numerics, batch, SIZE));
    subjects.add(subject);
    variants.add(
        new Variant(
            name,
            () ->
                executor.call(
                    () -> Benchmark.perSecond(STEPS * batch, () -> subject.steps(STEPS)))));
  }

  private void addPython(String numerics, int batch) {
    if (python != null) {
      String command = "train %s %d %d".formatted(numerics, batch, STEPS);
      variants.add(
          new Variant("Python torch " + numerics + " bs" + batch, () -> python.measure(command)));
    }
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
    subjects.forEach(subject -> executor.submit(Executors.callable(subject::close)).join());
    executor.close();
    if (python != null) {
      python.close();
    }
  }
}
