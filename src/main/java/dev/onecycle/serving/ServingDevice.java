package dev.onecycle.serving;

import static dev.onecycle.platform.ProcessExit.TRY_AGAIN;
import static dev.onecycle.torch.TorchException.Kind.DEVICE_LOST;

import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.platform.ProcessExit;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchException;
import dev.onecycle.torch.TorchExecutor;
import jakarta.annotation.PreDestroy;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * The device that predicts, and the one thread that talks to it. Where the process trains, the
 * engine is there from the start, and a wrong setting refuses to start; else the first prediction
 * loads it.
 */
@Component
public class ServingDevice {

  private static final Logger log = LoggerFactory.getLogger(ServingDevice.class);

  private final ObjectProvider<Torch> engine;
  private final ServingProperties properties;
  private final ProcessExit process;
  private final AtomicBoolean ending = new AtomicBoolean();
  private @Nullable TorchExecutor executor;

  ServingDevice(
      ObjectProvider<Torch> engine,
      ServingProperties properties,
      OnecycleProperties onecycle,
      ProcessExit process) {
    this.engine = engine;
    this.properties = properties;
    this.process = process;
    if (onecycle.role().serves() && onecycle.role().works()) {
      executor();
    }
  }

  /** Returns where everything that touches tensors is submitted. */
  synchronized TorchExecutor executor() {
    if (executor == null) {
      Device device = device();
      executor = new TorchExecutor(engine.getObject(), "serving-" + device, device);
    }
    return executor;
  }

  private Device device() {
    return properties.device().equals("auto")
        ? engine.getObject().devices().get(0)
        : Device.parse(properties.device());
  }

  /** Returns what convolutions compute in here where that is not int8. */
  DType precision() {
    return precisionOn(device());
  }

  /** Returns what they would compute in on another device. */
  public DType precisionOn(Device other) {
    return engine.getObject().precision(properties.precision().otherwise(), other);
  }

  /** Hears of what failed here. A device that only a new process recovers ends this one. */
  void heard(Throwable failure) {
    boolean lost =
        Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
            .anyMatch(e -> e instanceof TorchException torch && torch.kind() == DEVICE_LOST);
    if (lost && ending.compareAndSet(false, true)) {
      log.error("this process ends with exit code {}: start it again", TRY_AGAIN, failure);
      process.exit(TRY_AGAIN);
    }
  }

  /** Closes outside of the lock: the last work may still ask for {@link #executor}. */
  @PreDestroy
  void close() {
    TorchExecutor last;
    synchronized (this) {
      last = executor;
    }
    if (last != null) {
      last.close();
    }
  }
}
