package dev.onecycle.fleet;

import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.torch.Torch;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The machine that this process works on. */
@Configuration(proxyBeanMethods = false)
class FleetConfiguration {

  /**
   * Finds the devices of this host. The engine is loaded by those that work on runs, and else by
   * the first prediction.
   */
  @Bean
  Host host(OnecycleProperties onecycle, ObjectProvider<Torch> torch) {
    return new Host(
        hostName(),
        ProcessHandle.current().pid(),
        onecycle.role().works() ? Host.devices(torch.getObject(), System.getenv()) : List.of());
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
