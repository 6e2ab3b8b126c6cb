package dev.onecycle.demo;

import dev.onecycle.dataset.Dataset;
import dev.onecycle.dataset.DatasetReader;
import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.image.PictureEncoder;
import dev.onecycle.platform.OnecycleProperties;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** The console that the demo tells its story on, and the picture that its commands send. */
@Component
@Profile("demo")
class DemoConsole {

  private final DatasetReader pictures;
  private final Path home;
  private final Environment environment;
  private final PrintStream out = System.out;

  DemoConsole(DatasetReader pictures, OnecycleProperties onecycle, Environment environment) {
    this.pictures = pictures;
    this.home = onecycle.home();
    this.environment = environment;
  }

  void say(String line) {
    out.println(line);
  }

  void say(String format, Object... values) {
    out.printf(format + "%n", values);
  }

  /** Says where the page and the log are. */
  void greet() {
    say(
        "%nOnecycle: %s/ui/   (Ctrl-C ends it; its log is %s)",
        address(), shown(Path.of(environment.getRequiredProperty("logging.file.name"))));
  }

  /** Writes a validation picture to the disk, to be sent by curl. */
  void writePicture(Dataset dataset) throws IOException {
    Files.createDirectories(picture().getParent());
    try (DatasetSnapshot snapshot = pictures.browse(dataset.id())) {
      int first = snapshot.split().valid()[0];
      Files.write(picture(), PictureEncoder.jpeg(snapshot.all().picture(first)));
      say(
          "One of those pictures, of the label '%s', is in %s.",
          snapshot.labels().get(snapshot.all().label(first)), shown(picture()));
    }
  }

  private Path picture() {
    return home.resolve("demo").resolve("picture.jpg");
  }

  private static Path shown(Path path) {
    Path here = Path.of("").toAbsolutePath();
    Path whole = path.toAbsolutePath().normalize();
    return whole.startsWith(here) ? here.relativize(whole) : whole;
  }

  /** Prints commands to paste, some of them about a run where there is one. */
  void printCommands(@Nullable UUID run) {
    String base = address() + "/api/v1";
    String predictions = base + "/models/" + Demo.MODEL + "/predictions";
    String send = " --data-binary @" + shown(picture()) + " -H 'Content-Type: image/jpeg'";
    say("\nTry it, from this directory:\n");
    say("  curl -s " + predictions + send);
    say("  curl -s '" + predictions + "?tta=4&topK=3'" + send);
    if (run != null) {
      say("  curl -s " + base + "/runs/" + run + "/epochs -H 'Accept: text/plain'");
      say("  curl -s " + base + "/runs/" + run + "/events");
    }
    say("  curl -s " + base + "/recipes");
    if (run != null) {
      say("\nLook at it: " + address() + "/ui/#/run/" + run);
    }
    say("All routes: " + address() + "/docs\n");
  }

  private String address() {
    return "http://localhost:" + environment.getProperty("local.server.port");
  }
}
