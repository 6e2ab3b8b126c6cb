package dev.onecycle.demo;

import static java.util.Objects.requireNonNull;

import dev.onecycle.dataset.Dataset;
import dev.onecycle.dataset.Datasets;
import dev.onecycle.dataset.ImportSpec;
import dev.onecycle.dataset.Source;
import dev.onecycle.recipe.Presets;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunQueue;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.RunState;
import dev.onecycle.run.Runs;
import dev.onecycle.run.history.Progress;
import dev.onecycle.serving.Model;
import dev.onecycle.serving.ModelPublisher;
import dev.onecycle.serving.Models;
import dev.onecycle.work.Imports;
import dev.onecycle.work.TrainingWork;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The first-run story, on the console: the sample dataset, a {@code smoke} run on it, its best
 * checkpoint as model {@code demo}, and commands to paste. Told by the same means that HTTP uses. A
 * home where the model exists already is left as it is.
 */
@Component
@Profile("demo")
class Demo {

  static final String MODEL = "demo";
  private static final String RECIPE = "smoke";
  private static final long LOOK_EVERY_MILLIS = 1_000;

  private final Imports imports;
  private final Datasets datasets;
  private final RunQueue queue;
  private final Runs runs;
  private final ModelPublisher publisher;
  private final Models models;
  private final DemoConsole console;

  Demo(
      Imports imports,
      Datasets datasets,
      RunQueue queue,
      Runs runs,
      ModelPublisher publisher,
      Models models,
      DemoConsole console) {
    this.imports = imports;
    this.datasets = datasets;
    this.queue = queue;
    this.runs = runs;
    this.publisher = publisher;
    this.models = models;
    this.console = console;
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
      console.greet();
      Optional<Model> served = models.findByName(MODEL);
      if (served.isPresent()) {
        console.say("Onecycle demo: the model '" + MODEL + "' is there from an earlier start.");
        console.printCommands(null);
        return;
      }
      Dataset dataset = importSample();
      Run run = train(dataset);
      publisher.publish(MODEL, requireNonNull(run.checkpointId()));
      console.say(
          "Its best weights, %.1f %% right on pictures it has not seen, are served as model '%s'.",
          100 * requireNonNull(run.bestAccuracy()), MODEL);
      console.writePicture(dataset);
      console.printCommands(run.id());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      console.say("Onecycle demo: it ended early: " + e.getMessage());
    }
  }

  private Dataset importSample() throws InterruptedException {
    console.say("Onecycle demo: drawing 1,000 pictures of ten shapes ...");
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
    console.say("Training %s on them by the recipe '%s':", recipe.architecture(), RECIPE);
    Run run = runs.findById(id).orElseThrow();
    String shown = "";
    while (!run.state().ended()) {
      Thread.sleep(LOOK_EVERY_MILLIS);
      run = runs.findById(id).orElseThrow();
      Progress progress = run.progress();
      String line = progress == null ? shown : ProgressLine.of(run, progress);
      if (!line.equals(shown)) {
        shown = line;
        console.say(line);
      }
    }
    if (run.state() != RunState.SUCCEEDED) {
      throw new IllegalStateException("the run ended " + run.state());
    }
    return run;
  }
}
