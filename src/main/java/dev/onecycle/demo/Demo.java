package dev.onecycle.demo;

import dev.onecycle.dataset.Dataset;
import dev.onecycle.dataset.DatasetReader;
import dev.onecycle.dataset.Datasets;
import dev.onecycle.dataset.ImportSpec;
import dev.onecycle.dataset.Source;
import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.image.PictureEncoder;
import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.recipe.Presets;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunQueue;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.RunState;
import dev.onecycle.run.Runs;
import dev.onecycle.serving.Model;
import dev.onecycle.serving.ModelPublisher;
import dev.onecycle.serving.Models;
import dev.onecycle.work.Imports;
import dev.onecycle.work.TrainingWork;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * The first-run story, on the console: the sample dataset, a {@code smoke} run on it, its best
 * checkpoint as model {@code demo}, and commands to paste. Told by the same means that HTTP uses. A
 * home where the model exists already is left as it is.
 */
@Component
@Profile("demo")
class Demo {

  private static final String MODEL = "demo";
  private static final String RECIPE = "smoke";
  private static final long LOOK_EVERY_MILLIS = 1_000;

  private final Imports imports;
  private final Datasets datasets;
  private final DatasetReader pictures;
  private final RunQueue queue;
  private final Runs runs;
  private final ModelPublisher publisher;
  private final Models models;
  private final Path home;
  private final Environment environment;
  private final PrintStream console = System.out;

  Demo(
      Imports imports,
      Datasets datasets,
      DatasetReader pictures,
      RunQueue queue,
      Runs runs,
      ModelPublisher publisher,
      Models models,
      OnecycleProperties onecycle,
      Environment environment) {
    this.imports = imports;
    this.datasets = datasets;
    this.pictures = pictures;
    this.queue = queue;
    this.runs = runs;
    this.publisher = publisher;
    this.models = models;
    this.home = onecycle.home();
    this.environment = environment;
  }

  /** Tells the story beside the running service. */
  @EventListener(ApplicationReadyEvent.class)
  void start() {
    Thread story = new Thread(this::tell, "demo");
    story.setDaemon(true);
    story.start();
  }

  private void tell() {
    try {
      console.printf(
          "%nOnecycle: %s/ui/   (Ctrl-C ends it; its log is %s)%n",
          address(), shown(Path.of(environment.getRequiredProperty("logging.file.name"))));
      Optional<Model> served = models.findByName(MODEL);
      if (served.isPresent()) {
        console.println("Onecycle demo: the model '" + MODEL + "' is there from an earlier start.");
        printCommands(picture(), null);
        return;
      }
      Dataset dataset = importSample();
      Run run = train(dataset);
      publisher.publish(MODEL, run.checkpointId());
      console.printf(
          "Its best weights, %.1f %% right on pictures it has not seen, are served as model '%s'.%n",
          100 * run.bestEpoch().accuracy(), MODEL);
      printCommands(write(dataset), run.id());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      console.println("Onecycle demo: it ended early: " + e.getMessage());
    }
  }

  private Dataset importSample() throws InterruptedException {
    console.println("Onecycle demo: drawing 1,000 pictures of ten shapes ...");
    UUID id = imports.submit("shapes", Source.sample(), ImportSpec.byDefault());
    Dataset dataset = datasets.required(id);
    while (dataset.state() == Dataset.State.IMPORTING) {
      Thread.sleep(LOOK_EVERY_MILLIS);
      dataset = datasets.required(id);
    }
    dataset.requireReady();
    return dataset;
  }

  private Run train(Dataset dataset) throws InterruptedException {
    Recipe recipe = Presets.named(RECIPE).recipe();
    RunSpec spec = new RunSpec(TrainingWork.KIND, dataset.id(), recipe.seed(), "demo", 0);
    UUID id = queue.submit(spec, recipe, Set.of("demo")).id();
    console.printf("Training %s on them by the recipe '%s':%n", recipe.architecture(), RECIPE);
    Run run = runs.findById(id).orElseThrow();
    String shown = "";
    while (!run.state().ended()) {
      Thread.sleep(LOOK_EVERY_MILLIS);
      run = runs.findById(id).orElseThrow();
      String line = run.progress() == null ? shown : ProgressLine.of(run);
      if (!line.equals(shown)) {
        shown = line;
        console.println(line);
      }
    }
    if (run.state() != RunState.SUCCEEDED) {
      throw new IllegalStateException("the run ended " + run.state());
    }
    return run;
  }

  /** Returns a validation picture on the disk, to be sent by curl. */
  private Path write(Dataset dataset) throws IOException {
    Files.createDirectories(picture().getParent());
    try (DatasetSnapshot snapshot = pictures.browse(dataset.id())) {
      int first = snapshot.split().valid()[0];
      Files.write(picture(), PictureEncoder.jpeg(snapshot.all().picture(first)));
      console.printf(
          "One of those pictures, of the label '%s', is in %s.%n",
          snapshot.labels().get(snapshot.all().label(first)), shown(picture()));
    }
    return picture();
  }

  private Path picture() {
    return home.resolve("demo").resolve("picture.jpg");
  }

  private static Path shown(Path path) {
    Path here = Path.of("").toAbsolutePath();
    Path whole = path.toAbsolutePath().normalize();
    return whole.startsWith(here) ? here.relativize(whole) : whole;
  }

  private void printCommands(Path picture, @Nullable UUID run) {
    String base = address() + "/api/v1";
    String predictions = base + "/models/" + MODEL + "/predictions";
    String send = " --data-binary @" + shown(picture) + " -H 'Content-Type: image/jpeg'";
    console.println("\nTry it, from this directory:\n");
    console.println("  curl -s " + predictions + send);
    console.println("  curl -s '" + predictions + "?tta=4&topK=3'" + send);
    if (run != null) {
      console.println("  curl -s " + base + "/runs/" + run + "/epochs -H 'Accept: text/plain'");
      console.println("  curl -s " + base + "/runs/" + run + "/events");
    }
    console.println("  curl -s " + base + "/recipes");
    if (run != null) {
      console.println("\nLook at it: " + address() + "/ui/#/run/" + run);
    }
    console.println("All routes: " + address() + "/docs\n");
  }

  private String address() {
    return "http://localhost:" + environment.getProperty("local.server.port");
  }
}
