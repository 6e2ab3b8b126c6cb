package dev.onecycle.platform.http;

import dev.onecycle.platform.StartRefused;
import java.net.InetAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.stereotype.Component;

/** Refuses to start on an address that other machines reach while no API key protects it. */
@Component
class LoopbackOnly {

  private static final Logger log = LoggerFactory.getLogger(LoopbackOnly.class);

  LoopbackOnly(ServerProperties server) {
    InetAddress address = server.getAddress();
    if (address == null || !address.isLoopbackAddress()) {
      throw new StartRefused(
          "server.address is "
              + (address == null ? "every address" : address.getHostAddress())
              + ", but no API keys are configured",
          "Set server.address=127.0.0.1.");
    }
    log.info("No API keys are configured: the service answers on this machine only.");
  }
}
