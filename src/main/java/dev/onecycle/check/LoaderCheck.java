package dev.onecycle.check;

import dev.onecycle.recipe.Position;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.training.RecipeBatches;
import dev.onecycle.training.TrainingListener.Epoch;
import dev.onecycle.training.data.Batches;
import java.util.concurrent.TimeUnit;

/**
 * How many pictures a second the data threads draw by themselves, how many the device trains on,
 * and what share of an epoch of both it waits for them: no failure, but where to spend money.
 */
final class LoaderCheck implements Check {

  @Override
  public String name() {
    return "loader";
  }

  @Override
  public Finding of(Subject subject) throws Exception {
    Finding.Notes notes = new Finding.Notes();
    notes.put("data threads", Runtime.getRuntime().availableProcessors());
    double drawn = subject.compute(() -> drawnPerSecond(subject));
    Epoch epoch = subject.compute(() -> SmallRun.train(subject, () -> false, null).last());
    notes.put("drawn alone, images/s", drawn);
    notes.put("trained, images/s", epoch.imagesPerSecond());
    notes.put(
        "share of the epoch that waits for pictures", epoch.dataWaitSeconds() / epoch.seconds());
    notes.require(drawn > 0 && epoch.imagesPerSecond() > 0, "no pictures came");
    return notes.finding();
  }

  private static double drawnPerSecond(Subject subject) {
    Recipe recipe = SmallRun.recipe(subject.extent());
    NoiseData data = new NoiseData(subject.extent().pictures(), recipe.itemSize());
    int threads = Runtime.getRuntime().availableProcessors();
    int pictures = 0;
    long begun = System.nanoTime();
    try (RecipeBatches batches = new RecipeBatches(recipe, data, threads, subject.precision());
        Batches.Pass pass = batches.train(Position.START, recipe.phases().get(0).stretchAt(0))) {
      while (pass.hasNext()) {
        pictures += pass.next().count();
      }
    }
    return pictures / ((System.nanoTime() - begun) / (double) TimeUnit.SECONDS.toNanos(1));
  }
}
