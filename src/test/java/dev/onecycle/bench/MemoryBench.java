package dev.onecycle.bench;

import dev.onecycle.network.Architecture;
import dev.onecycle.network.Initialization;
import dev.onecycle.network.Layout;
import dev.onecycle.network.Numerics;
import dev.onecycle.platform.Seed;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the process holds after 100, 500 and 1,000 training steps of xresnet18 at 32px, of every
 * thousand in a row: all resident memory, and the part that belongs to no file. What leaks by the
 * step grows from 100 to 1,000, and from one thousand to the next.
 */
final class MemoryBench implements Benchmark {

  private static final int BATCH = 4;
  private static final int SIZE = 32;

  private final TorchExecutor executor;
  private final TrainStepBench.Subject subject;

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
                new TrainStepBench.Subject(
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
      variants.add(new Variant("of it anonymous at step " + step, () -> megabytes("RssAnon:")));
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
    return megabytes("VmRSS:");
  }

  private static double megabytes(String name) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    throw new IllegalStateException("/proc/self/status has no " + name);
  }

  @Override
  public void close() {
    executor
        .submit(
            () -> {
              subject.close();
              return true;
            })
        .join();
    executor.close();
  }
}
