package dev.onecycle;

import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.platform.TorchProperties;
import dev.onecycle.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/**
 * The native libraries of this process: the engine, shared by training and serving, and where all
 * of them are unpacked.
 */
@Configuration(proxyBeanMethods = false)
class NativeConfiguration {

  /**
   * Waits for the engine where it is loaded ahead, and else loads it: a process that never computes
   * does without.
   */
  @Bean
  @Lazy
  Torch torch(TorchProperties properties, OnecycleProperties onecycle) throws IOException {
    return load(properties, onecycle);
  }

  /** Loads the engine beside the rest of the context, before any bean asks for it. */
  @Bean
  static BeanFactoryPostProcessor engineStart(Environment environment) {
    Binder binder = Binder.get(environment);
    Thread loading = new Thread(() -> loadAhead(binder), "engine-start");
    loading.setDaemon(true);
    return beans -> loading.start();
  }

  private static void loadAhead(Binder binder) {
    try {
      OnecycleProperties onecycle = binder.bindOrCreate("onecycle", OnecycleProperties.class);
      unpackBelow(onecycle);
      if (onecycle.role().works()) {
        load(binder.bindOrCreate("onecycle.torch", TorchProperties.class), onecycle);
      }
    } catch (RuntimeException | IOException e) {
      // The bean meets the same failure, and there it ends the start with a report.
      LoggerFactory.getLogger(NativeConfiguration.class).debug("The engine did not load ahead", e);
    }
  }

  private static Torch load(TorchProperties properties, OnecycleProperties onecycle)
      throws IOException {
    return Torch.start(properties.threads(), unpackBelow(onecycle).resolve("torch"));
  }

  /** Says where native libraries unpack themselves, which imports need as well as the engine. */
  private static Path unpackBelow(OnecycleProperties onecycle) throws IOException {
    Path home = Files.createDirectories(onecycle.home().resolve("native"));
    System.setProperty("org.bytedeco.javacpp.cachedir", home.resolve("javacpp").toString());
    System.setProperty("jna.tmpdir", home.toString());
    System.setProperty("ZstdTempFolder", home.toString());
    return home;
  }
}
