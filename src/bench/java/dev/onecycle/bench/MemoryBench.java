package dev.onecycle.bench;

import dev.onecycle.check.TrainSubject;
import dev.onecycle.network.Architecture;
import dev.onecycle.network.Initialization;
import dev.onecycle.network.Layout;
import dev.onecycle.network.Numerics;
import dev.onecycle.platform.Seed;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchExecutor;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;

/**
 * What the process holds after 100, 500 and 1,000 training steps of xresnet18 at 64px, of every
 * thousand in a row: all resident memory, and the part that is not Java's heap, which bin/bench
 * makes resident from the start. What leaks by the step grows from 100 to 1,000, and from one
 * thousand to the next.
 */
final class MemoryBench implements Benchmark {

  private static final int BATCH = 8;
  private static final int SIZE = 64;

  private final TorchExecutor executor;
  private final TrainSubject subject;

  MemoryBench() throws Exception {
    Torch torch = Torch.start(Runtime.getRuntime().availableProcessors(), null);
    Device device = torch.devices().get(0);
    executor = new TorchExecutor(torch, "bench", device);
    Numerics numerics =
        Numerics.fast(torch.prefersBfloat16(device) ? DType.BFLOAT16 : DType.FLOAT32);
    Layout layout = Layout.of(Architecture.named("xresnet18"), 10);
    subject =
        executor.call(
            () ->
                new TrainSubject(
                    Initialization.random(layout, new Seed(1)), numerics, BATCH, SIZE));
  }

  @Override
  public String unit() {
    return "MB";
  }

  @Override
  public List<Variant> variants() {
    List<Variant> variants = new ArrayList<>();
    int before = 0;
    for (int step : new int[] {100, 500, 1000}) {
      int more = step - before;
      variants.add(new Variant("resident at step " + step, () -> after(more)));
      variants.add(
          new Variant("of it outside of Java's heap at step " + step, MemoryBench::outside));
      before = step;
    }
    return variants;
  }

  private double after(int steps) throws Exception {
    executor.call(
        () -> {
          subject.steps(steps);
          return true;
        });
    return resident();
  }

  private static double outside() {
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
    return resident() - heap / 1048576.0;
  }

  private static double resident() {
    long bytes = Torch.residentBytes();
    if (bytes < 0) {
      throw new IllegalStateException("this system does not say what a process holds");
    }
    return bytes / 1048576.0;
  }

  @Override
  public void close() {
    executor.submit(Executors.callable(subject::close)).join();
    executor.close();
  }
}
