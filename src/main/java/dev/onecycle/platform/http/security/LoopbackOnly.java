package dev.onecycle.platform.http.security;

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

  LoopbackOnly(ServerProperties server, SecurityProperties security) {
    if (!security.keyless()) {
      log.info("Whoever wants to come in needs one of these API keys: {}", security.keys());
      return;
    }
    InetAddress address = server.getAddress();
    if (address == null || !address.isLoopbackAddress()) {
      throw new StartRefused(
          "server.address is "
              + (address == null ? "every address" : address.getHostAddress())
              + ", but no API keys are configured",
          "Set server.address=127.0.0.1, or give onecycle.security.keys what bin/onecycle new-key prints.");
    }
    log.info("No API keys are configured: the service answers on this machine only.");
  }
}
