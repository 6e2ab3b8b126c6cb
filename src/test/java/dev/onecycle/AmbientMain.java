package dev.onecycle;

import java.time.Duration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.context.ConfigurableApplicationContext;

/** The service as it is really started; says its port. */
final class AmbientMain {

  private AmbientMain() {}

  public static void main(String[] args) {
    SpringApplication.withHook(application -> new Listener(), () -> Onecycle.main(args));
  }

  private static final class Listener implements SpringApplicationRunListener {
    @Override
    public void ready(ConfigurableApplicationContext context, Duration taken) {
      System.out.println("port " + context.getEnvironment().getProperty("local.server.port"));
    }
  }
}
