package dev.onecycle.run;

import dev.onecycle.Onecycle;
import dev.onecycle.dataset.LocalHttps;
import dev.onecycle.testing.Rows;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The service as a process of its own. It says its port, then submits a run for each line that it
 * reads, a priority and a recipe, and answers its id once the run is committed. Its machine's clock
 * is as wrong as the property {@code skew} says.
 */
public final class ServiceMain {

  private ServiceMain() {}

  public static void main(String[] args) throws Exception {
    SpringApplication service = new SpringApplication(Onecycle.class);
    service.setAllowBeanDefinitionOverriding(true);
    service.addInitializers(context -> skew((GenericApplicationContext) context));
    service.addInitializers(context -> LocalHttps.trust((GenericApplicationContext) context));
    ConfigurableApplicationContext context = service.run(args);
    System.out.println("port " + context.getEnvironment().getProperty("local.server.port"));
    RunQueue queue = context.getBean(RunQueue.class);
    JdbcClient jdbc = context.getBean(JdbcClient.class);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Thread.currentThread().setUncaughtExceptionHandler(ServiceMain::end);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", 2);
      int priority = Integer.parseInt(words[0]);
      RunSpec spec =
          new RunSpec(CountingWork.KIND, Rows.dataset(jdbc, "READY"), 42, "a run", priority);
      JsonNode recipe = new JsonMapper().readTree(words[1]);
      System.out.println("submitted " + queue.submit(spec, recipe, Set.of()).id());
    }
  }

  private static void end(Thread thread, Throwable failure) {
    failure.printStackTrace();
    Runtime.getRuntime().halt(1);
  }

  private static void skew(GenericApplicationContext context) {
    Duration skew = Duration.parse(System.getProperty("skew", "PT0S"));
    context.registerBean(
        "machineClock",
        Clock.class,
        () -> Clock.offset(Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000)), skew),
        definition -> ((AbstractBeanDefinition) definition).setDefaultCandidate(false));
  }
}
