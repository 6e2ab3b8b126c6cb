package dev.onecycle.bench;

import dev.onecycle.check.TrainSubject;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchExecutor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;

/**
 * Whole training steps of {@link BenchNetwork} at 128px: pictures in, forward, loss, backward,
 * AdamW. The fast numerics of this processor beside PyTorch's default ones, and beside Python's
 * PyTorch in the same, on all cores: as it is and compiled, with its own settings of memory and
 * with ours. Of a preset's network only the precision that this processor trains in.
 */
final class TrainStepBench implements Benchmark {

  private static final int SIZE = 128;
  private static final int STEPS = 3;

  private final TorchExecutor executor;
  private final List<Variant> variants = new ArrayList<>();
  private final List<TrainSubject> subjects = new ArrayList<>();
  private final PythonPeer python = PythonPeer.torch();
  private final PythonPeer pythonWithOurMemory = PythonPeer.torchWithOurMemory();

  TrainStepBench() throws Exception {
    Torch torch = Torch.start(Runtime.getRuntime().availableProcessors(), null);
    Device device = torch.devices().get(0);
    executor = new TorchExecutor(torch, "bench", device);
    StateDict state = BenchNetwork.state();
    boolean plain = BenchNetwork.isPlain();
    boolean bfloat16 = torch.prefersBfloat16(device);
    for (int batch : BenchNetwork.batches()) {
      if (bfloat16) {
        addPython("channels_last bfloat16", batch);
        add("bfloat16 channels_last bs" + batch, state, Numerics.fast(DType.BFLOAT16), batch);
      }
      if (plain || !bfloat16) {
        addPython("channels_last float32", batch);
        addPython("NCHW float32", batch);
        add("float32 channels_last bs" + batch, state, Numerics.fast(DType.FLOAT32), batch);
        add("float32 NCHW bs" + batch, state, Numerics.REFERENCE, batch);
      }
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
    for (String mode : List.of("eager", "compiled")) {
      String command =
          "train %s %s %s %d %d".formatted(BenchNetwork.inPython(), mode, numerics, batch, STEPS);
      String name = "Python torch %s %s bs%d".formatted(mode, numerics, batch);
      if (python != null) {
        variants.add(new Variant(name, () -> python.measure(command)));
      }
      if (pythonWithOurMemory != null) {
        variants.add(
            new Variant(
                name + " with our memory settings", () -> pythonWithOurMemory.measure(command)));
      }
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
    for (PythonPeer peer : Arrays.asList(python, pythonWithOurMemory)) {
      if (peer != null) {
        peer.close();
      }
    }
  }
}
