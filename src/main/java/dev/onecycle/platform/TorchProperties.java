package dev.onecycle.platform;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the native engine, which one process has once, for training and predicting alike.
 *
 * @param threads how many threads one operator on the processor uses; 0 for one a core
 */
@ConfigurationProperties("onecycle.torch")
public record TorchProperties(@DefaultValue("0") int threads) {

  public TorchProperties {
    if (threads < 0) {
      throw new IllegalArgumentException("onecycle.torch.threads is " + threads + " < minimum 0");
    }
    threads = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }
}
