package dev.onecycle.check;

import dev.onecycle.platform.TemporaryFile;
import dev.onecycle.training.TrainingControl;
import dev.onecycle.training.TrainingStateReader;
import dev.onecycle.training.TrainingStateWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A run that goes on from its state after the first epoch tells the losses of one that was not
 * interrupted: the same on a processor, and on a GPU, whose sums have no fixed order, about as far
 * from it as another whole run is.
 */
final class ResumeCheck implements Check {

  /** How much further a resumed run may be from a whole one than two whole ones are. */
  private static final double TIMES = 4;

  /** On a GPU, of a loss: where two whole runs happen to be the same. */
  private static final double GPU_TOLERANCE = 1e-3;

  @Override
  public String name() {
    return "resume";
  }

  @Override
  public Finding of(Subject subject) throws Exception {
    Finding.Notes notes = new Finding.Notes();
    try (TemporaryFile folder = new TemporaryFile(Files.createTempDirectory("onecycle-check"));
        TemporaryFile state = new TemporaryFile(folder.path().resolve("state"))) {
      FirstState first = new FirstState(state.path());
      List<Double> whole = subject.compute(() -> SmallRun.train(subject, first, null).losses());
      List<Double> again =
          subject.compute(() -> SmallRun.train(subject, () -> false, null).losses());
      List<Double> resumed =
          subject.compute(
              () ->
                  SmallRun.train(subject, () -> false, TrainingStateReader.read(state.path()))
                      .losses());
      int from = whole.size() - resumed.size();
      double apart = apart(whole, again, from);
      double off = apart(whole, resumed, from);
      double most = subject.device().cuda() ? Math.max(GPU_TOLERANCE, TIMES * apart) : 0;
      notes.put("steps after the resumption", resumed.size() - 1);
      notes.put("two whole runs apart", apart);
      notes.put("the resumed one off", off);
      notes.put("at most", most);
      notes.require(from > 0, "it began anew");
      notes.require(off <= most, "the resumed run differs by %s > maximum %s".formatted(off, most));
    }
    return notes.finding();
  }

  /** The largest difference of a loss of the second epoch, as a share of it. */
  private static double apart(List<Double> whole, List<Double> other, int from) {
    int begin = other.size() - (whole.size() - from);
    double largest = 0;
    for (int i = from; i < whole.size(); i++) {
      double expected = whole.get(i);
      double difference = Math.abs(other.get(begin + i - from) - expected) / Math.abs(expected);
      largest = Math.max(largest, difference);
    }
    return largest;
  }

  /** Keeps the state after the first epoch, and no later one. */
  private static final class FirstState implements TrainingControl {

    private final Path file;
    private boolean kept;

    FirstState(Path file) {
      this.file = file;
    }

    @Override
    public boolean stopRequested() {
      return false;
    }

    @Override
    public void keep(TrainingStateWriter state) {
      if (!kept) {
        kept = true;
        try {
          state.write(file);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }
}
