package dev.onecycle;

import java.util.Locale;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;

/** The service: HTTP in front, a database as the truth, workers that train and serve behind it. */
@SpringBootApplication(exclude = UserDetailsServiceAutoConfiguration.class)
@ConfigurationPropertiesScan
public class Onecycle {

  /** Starts the service; arguments are Spring properties such as {@code --server.port=8080}. */
  public static void main(String[] args) {
    // Numbers and words are the same wherever it runs; who reads them is known to nobody here.
    Locale.setDefault(Locale.ROOT);
    // Before H2 loads: whatever its URL asks it to serve, it serves to this machine only.
    System.setProperty("h2.bindAddress", "127.0.0.1");
    SpringApplication.run(Onecycle.class, args);
  }
}
