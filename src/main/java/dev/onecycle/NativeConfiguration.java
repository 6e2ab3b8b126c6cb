package dev.onecycle;

import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.platform.TorchProperties;
import dev.onecycle.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/**
 * The native libraries of this process: the engine, shared by training and serving, and where all
 * of them are unpacked.
 */
@Configuration(proxyBeanMethods = false)
class NativeConfiguration {

  /** Loaded when it is first asked for: a process that never computes does without. */
  @Bean
  @Lazy
  Torch torch(TorchProperties properties, OnecycleProperties onecycle) throws IOException {
    Path home = Files.createDirectories(onecycle.home().resolve("native"));
    System.setProperty("org.bytedeco.javacpp.cachedir", home.resolve("javacpp").toString());
    System.setProperty("jna.tmpdir", home.toString());
    return Torch.start(properties.threads(), home.resolve("torch"));
  }
}
