package dev.onecycle.torch;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;
import dev.onecycle.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The native engine of this process: loaded once, then used by {@link TorchThread}s only.
 *
 * <p>{@link #start} may be called any number of times; the first call decides.
 */
public final class Torch implements AutoCloseable {

  private static final Duration MOST_WAITING = Duration.ofSeconds(10);

  private static @Nullable Torch started;

  private final int threads;
  private final List<Device> cudaDevices;
  private final boolean fastBfloat16OnCpu;
  private final boolean fastInt8OnCpu;

  private Torch(int threads) {
    this.threads = threads;
    Engine engine = Engine.getEngine("PyTorch");
    cudaDevices =
        IntStream.range(0, engine.getGpuCount()).mapToObj(i -> new Device(true, i)).toList();
    List<String> cpu = cpuFlags();
    fastBfloat16OnCpu = cpu.contains("avx512_bf16") || cpu.contains("amx_bf16");
    fastInt8OnCpu = cpu.contains("avx512_vnni") || cpu.contains("avx_vnni");
  }

  /**
   * Loads the engine.
   *
   * @param threads how many threads one operator on the processor may use, at least 1
   * @param cache where native libraries are unpacked; null for the engine's own place
   * @throws TorchException if the native libraries cannot be loaded
   */
  public static synchronized Torch start(int threads, @Nullable Path cache) {
    if (started == null) {
      if (threads < 1) {
        throw new IllegalArgumentException("torch threads " + threads + " < minimum 1");
      }
      if (cache != null) {
        System.setProperty("ENGINE_CACHE_DIR", cache.toString());
        System.setProperty("DJL_CACHE_DIR", cache.toString());
      }
      System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
      System.setProperty("ai.djl.pytorch.cudnn_benchmark", "true");
      Malloc.keepFreedPages();
      ProcessorShare.waitBriefly();
      try {
        started = new Torch(threads);
      } catch (EngineException e) {
        throw TorchException.of(e);
      }
    }
    return started;
  }

  /** Returns the CUDA devices of this host, or the processor where there is none. */
  public List<Device> devices() {
    return cudaDevices.isEmpty() ? List.of(Device.CPU) : cudaDevices;
  }

  /** Returns whether {@code device} exists here. */
  public boolean has(Device device) {
    return !device.cuda() || cudaDevices.contains(device);
  }

  /**
   * Returns whether bfloat16 is faster than float32 on {@code device}: on CUDA, and on processors
   * with an instruction for it that the engine uses. Elsewhere it is emulated, many times slower.
   */
  public boolean prefersBfloat16(Device device) {
    return device.cuda() || fastBfloat16OnCpu;
  }

  /**
   * Returns whether {@code device} multiplies whole numbers of 8 bits fast and exactly: processors
   * with an instruction for it that the engine uses. Others cut off sums at 16 bits.
   */
  public boolean multipliesInt8(Device device) {
    return !device.cuda() && fastInt8OnCpu;
  }

  /** Returns what convolutions compute in on {@code device} where {@code wanted} is asked for. */
  public DType precision(Recipe.Precision wanted, Device device) {
    return wanted.isBfloat16(prefersBfloat16(device)) ? DType.BFLOAT16 : DType.FLOAT32;
  }

  /** Returns how many threads one operator on the processor uses. */
  public int threads() {
    return threads;
  }

  /**
   * Returns a new thread, not started, on which {@code body} may use {@code device}.
   *
   * @throws IllegalArgumentException if the device is not here
   */
  public TorchThread thread(String name, Device device, Runnable body) {
    return thread(name, device, 0, body);
  }

  /**
   * Returns the same for work that gives way to others on a busy processor.
   *
   * @param niceness 0 for an equal share to 19 for next to none
   * @throws IllegalArgumentException if the device is not here
   */
  TorchThread thread(String name, Device device, int niceness, Runnable body) {
    if (!has(device)) {
      throw new IllegalArgumentException(
          "device " + device + " is not here; devices: " + devices());
    }
    return new TorchThread(name, device, threads, niceness, body);
  }

  /**
   * Waits until no torch thread is left, at most ten seconds: a process that ends in the middle of
   * a native call may crash. The engine stays loaded, and may be started again.
   */
  @Override
  public void close() {
    long deadline = System.nanoTime() + MOST_WAITING.toNanos();
    try {
      for (TorchThread thread : TorchThread.ALIVE) {
        long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        thread.join(Math.max(1, left));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns bytes of host memory that this process holds (Linux), or -1 where that is unknown. */
  public static long residentBytes() {
    return Malloc.residentBytes();
  }

  /**
   * Returns bytes in use on {@code device} by anybody: for the processor what this process holds of
   * its host's memory. NaN where that cannot be told.
   */
  public static double usedBytes(Device device) {
    if (!device.cuda()) {
      return residentBytes() < 0 ? Double.NaN : residentBytes();
    }
    try {
      return CudaUtils.getGpuMemory(device.djl()).getUsed();
    } catch (RuntimeException e) {
      return Double.NaN; // The driver's library is not where the engine looks for it.
    }
  }

  /**
   * Gives memory that the allocator keeps for later back to the system: after a run, not a step.
   */
  public static void releaseMemory() {
    Malloc.trim();
    if (started != null && !started.cudaDevices.isEmpty()) {
      JniUtils.emptyCudaCache();
    }
  }

  /**
   * What Linux says that an x86-64 knows. No other system or processor was measured: none there,
   * nor where oneDNN is told to do without.
   */
  private static List<String> cpuFlags() {
    if ("AVX2".equals(System.getenv("ONEDNN_MAX_CPU_ISA"))) {
      return List.of();
    }
    try {
      for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
        if (line.startsWith("flags")) {
          return List.of(line.split("\\s+"));
        }
      }
    } catch (IOException e) {
      // Not Linux.
    }
    return List.of();
  }
}
