package dev.onecycle.platform.http;

import dev.onecycle.platform.OnecycleProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.ConfigurableServletWebServerFactory;
import org.springframework.stereotype.Component;

/**
 * Gives the server an empty folder of the home as its documents: it needs one, and no /tmp then.
 */
@Component
class ServerFolder implements WebServerFactoryCustomizer<ConfigurableServletWebServerFactory> {

  private final Path folder;

  ServerFolder(OnecycleProperties onecycle) {
    this.folder = onecycle.home().resolve("tomcat/documents");
  }

  @Override
  public void customize(ConfigurableServletWebServerFactory server) {
    try {
      server.setDocumentRoot(Files.createDirectories(folder).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException("the server's folder cannot be made", e);
    }
  }
}
