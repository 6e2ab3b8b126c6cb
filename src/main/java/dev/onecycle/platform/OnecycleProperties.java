package dev.onecycle.platform;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the process.
 *
 * @param home where everything that is kept lies: the database, blobs, unpacked native libraries,
 *     temporary files
 * @param role what this process does of all that the service does
 */
@ConfigurationProperties("onecycle")
public record OnecycleProperties(
    @DefaultValue("onecycle-home") Path home, @DefaultValue("all") Role role) {

  public OnecycleProperties {
    home = home.toAbsolutePath().normalize();
  }
}
