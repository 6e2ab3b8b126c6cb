package dev.onecycle.run;

import dev.onecycle.Onecycle;
import dev.onecycle.Rows;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The service as a process that {@link KillIT} kills. It says its port, then submits a run for each
 * recipe that it reads, and answers its id once the run is committed.
 */
final class KillChild {

  private KillChild() {}

  public static void main(String[] args) throws Exception {
    ConfigurableApplicationContext context = SpringApplication.run(Onecycle.class, args);
    System.out.println("port " + context.getEnvironment().getProperty("local.server.port"));
    RunQueue queue = context.getBean(RunQueue.class);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String recipe = in.readLine(); recipe != null; recipe = in.readLine()) {
      RunSpec spec =
          new RunSpec(
              CountingWork.KIND,
              Rows.dataset(context.getBean(JdbcClient.class), "READY"),
              recipe,
              42,
              "killed",
              0);
      System.out.println("submitted " + queue.submit(spec, Set.of()).id());
    }
  }
}
