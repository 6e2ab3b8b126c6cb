package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.dataset.pixels.Folds;
import dev.onecycle.dataset.pixels.LabelEdit;
import dev.onecycle.dataset.pixels.PackIndex;
import dev.onecycle.dataset.pixels.PackSummary;
import dev.onecycle.dataset.pixels.PackedPicture;
import dev.onecycle.dataset.pixels.PackedPictures;
import dev.onecycle.dataset.pixels.Packer;
import dev.onecycle.dataset.pixels.Relabelling;
import dev.onecycle.dataset.pixels.SampleDataset;
import dev.onecycle.dataset.pixels.SplitSpec;
import dev.onecycle.evaluation.ConfidentLearning;
import dev.onecycle.evaluation.Opinion;
import dev.onecycle.layout.PicturePath;
import dev.onecycle.network.Numerics;
import dev.onecycle.platform.Seed;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.testing.Photographs;
import dev.onecycle.testing.Python;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.OnTorchThread;
import dev.onecycle.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels of the sample pictures that were flipped by a seed are found, and put right. */
@ExtendWith(OnTorchThread.class)
class LabelCheckTest {

  /** As a run computes on this processor where its recipe does not say. */
  private static final DType PRECISION =
      Torch.start(1, null).precision(Recipe.Precision.AUTO, Device.CPU);

  private static final List<String> LABELS = SampleDataset.labels();

  @TempDir private Path directory;

  /** What hands over pictures, each by its path PART/LABEL/NAME. */
  private interface Drawing {
    void into(SampleDataset.Receiver pictures) throws IOException;
  }

  /** A picture's name says what is on it, its folder how it is labelled. */
  private PackSummary pack(double share, List<String> labels, Drawing drawing) throws IOException {
    RandomGenerator random = new Seed(1).generator();
    try (Packer packer = new Packer(directory.resolve("pack"))) {
      drawing.into(
          (path, file) -> {
            String[] parts = path.split("/");
            boolean flip = parts[0].equals("train") && random.nextDouble() < share;
            int other = random.nextInt(labels.size() - 1);
            if (flip) {
              parts[1] = labels.get(other + (other >= labels.indexOf(parts[1]) ? 1 : 0));
            }
            packer.add(PicturePath.of(String.join("/", parts)), file);
          });
      return packer.finish(SplitSpec.byDefault());
    }
  }

  /** One of so many of the sample pictures. */
  private static Drawing drawn(int every) {
    int[] number = {0};
    return pictures ->
        new SampleDataset(new Seed(7))
            .draw(
                (path, png) -> {
                  if (number[0]++ % every == 0) {
                    pictures.picture(path, png);
                  }
                });
  }

  private DatasetSnapshot open(PackSummary summary, @Nullable Path index) {
    Path pack = directory.resolve("pack");
    PackedPictures pictures = PackedPictures.open(pack, PackIndex.read(pack, index));
    return new DatasetSnapshot(pictures, summary.split(), summary.statistics());
  }

  private static String truth(PackedPicture picture) {
    String name = picture.path().substring(picture.path().lastIndexOf('/') + 1);
    return name.substring(0, name.lastIndexOf('-'));
  }

  private static boolean wrong(DatasetSnapshot dataset, Opinion opinion) {
    PackedPicture picture = dataset.all().index().get(opinion.picture());
    return !truth(picture).equals(picture.label());
  }

  /** What networks say of the folds that they were trained without, the most doubtful first. */
  private static List<Opinion> doubts(DatasetSnapshot dataset, Recipe recipe, int count) {
    SnapshotData all = new SnapshotData(dataset, recipe);
    Folds folds = dataset.folds(count, new Seed(recipe.seed()));
    List<Opinion> opinions = new ArrayList<>();
    for (int fold = 0; fold < count; fold++) {
      FoldTraining.Data data = new FoldTraining.Data(dataset.all(), folds, fold, all);
      opinions.addAll(
          new FoldTraining(recipe, data, Numerics.fast(PRECISION), 1)
              .opinions(
                  Trainer.fromScratch(recipe, dataset.labels().size()),
                  new HeardTraining(),
                  () -> false)
              .orElseThrow());
    }
    opinions.sort(Comparator.comparingDouble(Opinion::odds));
    return opinions;
  }

  /** The mean, over the wrong pictures, of the share of wrong ones up to each. */
  private static double averagePrecision(DatasetSnapshot dataset, List<Opinion> ranked) {
    int found = 0;
    double sum = 0;
    for (int i = 0; i < ranked.size(); i++) {
      if (wrong(dataset, ranked.get(i))) {
        sum += ++found / (i + 1.0);
      }
    }
    return sum / found;
  }

  /** A picture in four, and fewer epochs: far better than chance, which is a fifth. */
  @Test
  void flippedLabelsComeFirst() throws IOException {
    Map<String, ?> small =
        Map.of(
            "itemSize", 64,
            "phases[0].size", 64,
            "phases[0].epochs", 8,
            "phases[0].batchSize", 16);
    try (DatasetSnapshot dataset = open(pack(0.2, LABELS, drawn(4)), null)) {
      List<Opinion> doubts = doubts(dataset, RecipeReader.read("label-check", small), 2);
      assertThat(doubts).hasSize(250);
      assertThat(averagePrecision(dataset, doubts)).isGreaterThanOrEqualTo(0.5);
    }
  }

  @ParameterizedTest
  @CsvSource({"0.05, 0.80", "0.20, 0.85"})
  @Tag("proof")
  void flippedLabelsAreFoundCountedAndPutRight(double share, double least) throws Exception {
    flipped(share, least, LABELS, drawn(1));
  }

  /**
   * The same of photographs, of which a small network is wrong about many: 3,000 of those below the
   * directory that {@code BENCH_PICTURES} names, in {@code train/LABEL/} and {@code val/LABEL/}.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.20})
  @Tag("proof")
  void flippedLabelsOfPhotographsAreFound(double share) throws Exception {
    List<Path> files = Photographs.some(3_000);
    List<String> labels =
        files.stream()
            .map(file -> file.getParent().getFileName() + "")
            .sorted()
            .distinct()
            .toList();
    flipped(
        share,
        0.6,
        labels,
        pictures -> {
          for (Path file : files) {
            String label = file.getParent().getFileName().toString();
            String part = Photographs.root().relativize(file).getName(0).toString();
            String name = label + "-" + file.getFileName().toString().replace("-", "_");
            pictures.picture(part + "/" + label + "/" + name, Files.readAllBytes(file));
          }
        });
  }

  private void flipped(double share, double least, List<String> labels, Drawing drawing)
      throws Exception {
    PackSummary summary = pack(share, labels, drawing);
    Recipe recipe = RecipeReader.read("label-check", Map.of());
    try (DatasetSnapshot dataset = open(summary, null)) {
      List<Opinion> doubts = doubts(dataset, recipe, 4);
      long flipped = doubts.stream().filter(doubt -> wrong(dataset, doubt)).count();
      double precision = averagePrecision(dataset, doubts);
      ConfidentLearning learnt = new ConfidentLearning(doubts, labels.size());
      double counted = IntStream.range(0, labels.size()).mapToDouble(learnt::wrong).sum();
      System.out.printf(
          "%d of %d flipped: average precision %.4f, counted %.0f, %.4f told right%n",
          flipped, doubts.size(), precision, counted, right(dataset, doubts));
      assertThat(precision).isGreaterThanOrEqualTo(least);
      compareWithCleanlab(dataset, doubts, precision);
      if (least > 0.6) { // as far as the network is right itself
        assertThat(counted).isCloseTo((double) flipped, within(0.05 * doubts.size()));
      }
      if (share > 0.1) {
        repair(summary, dataset, doubts.subList(0, (int) (1.5 * flipped)), recipe);
      }
    }
  }

  private static double right(DatasetSnapshot dataset, List<Opinion> opinions) {
    List<PackedPicture> index = dataset.all().index();
    return opinions.stream()
        .mapToInt(o -> truth(index.get(o.picture())).equals(likely(dataset, o)) ? 1 : 0)
        .average()
        .orElseThrow();
  }

  private static String likely(DatasetSnapshot dataset, Opinion opinion) {
    return dataset.labels().get(opinion.likely()[0]);
  }

  /** The same opinions, ranked by cleanlab; nothing where there is none. */
  private void compareWithCleanlab(DatasetSnapshot dataset, List<Opinion> doubts, double precision)
      throws Exception {
    if (!Python.has("cleanlab", "sklearn")) {
      System.out.println("skipped, as there is no cleanlab: how well it ranks the same opinions");
      return;
    }
    StringBuilder lines = new StringBuilder();
    for (Opinion opinion : doubts) {
      float[] all = new float[dataset.labels().size()];
      for (int i = 0; i < all.length; i++) {
        all[opinion.likely()[i]] = opinion.probabilities()[i];
      }
      lines.append(wrong(dataset, opinion) ? 1 : 0).append('\t').append(opinion.given());
      for (float probability : all) {
        lines.append('\t').append(probability);
      }
      lines.append('\n');
    }
    Path file = Files.writeString(directory.resolve("opinions.tsv"), lines);
    String[] theirs = Python.run("label_quality.py", file).strip().split("\\s+");
    System.out.println("cleanlab: " + String.join(", ", theirs));
    double best = Math.max(Double.parseDouble(theirs[0]), Double.parseDouble(theirs[1]));
    assertThat(precision).isGreaterThanOrEqualTo(0.99 * best);
  }

  /** Somebody looks at the first doubts; the validation pictures were right all along. */
  private void repair(
      PackSummary summary, DatasetSnapshot dataset, List<Opinion> seen, Recipe recipe)
      throws IOException {
    List<LabelEdit> edits =
        seen.stream()
            .map(
                doubt -> {
                  String label = truth(dataset.all().index().get(doubt.picture()));
                  return new LabelEdit(doubt.picture(), LabelEdit.Action.RELABEL, label);
                })
            .toList();
    Relabelling made =
        Relabelling.of(
            directory.resolve("pack"),
            null,
            summary.split(),
            summary.audit(),
            summary.layout(),
            edits);
    Path index = directory.resolve("index.tsv");
    Files.copy(made.pack().index(), index);
    double before = accuracy(dataset, recipe);
    try (DatasetSnapshot repaired = open(made.pack().summary(), index)) {
      double after = accuracy(repaired, recipe);
      System.out.printf("accuracy on clean pictures %.3f, repaired %.3f%n", before, after);
      assertThat(after).isGreaterThan(before + 0.02);
    }
  }

  private static double accuracy(DatasetSnapshot dataset, Recipe recipe) {
    SnapshotData data = new SnapshotData(dataset, recipe);
    HeardTraining heard = new HeardTraining();
    try (RecipeBatches batches = new RecipeBatches(recipe, data, 1, PRECISION);
        Trainer trainer =
            new Trainer(
                recipe,
                batches,
                Trainer.fromScratch(recipe, dataset.labels().size()),
                Numerics.fast(PRECISION),
                heard,
                () -> false)) {
      trainer.train();
    }
    Double accuracy = heard.epochs().get(heard.epochs().size() - 1).accuracy();
    return accuracy == null ? 0 : accuracy;
  }
}
