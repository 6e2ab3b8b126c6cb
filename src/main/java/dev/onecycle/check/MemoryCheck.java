package dev.onecycle.check;

/** Training holds as much memory after many steps as after a tenth of them. */
final class MemoryCheck implements Check {

  /** In MB: a JVM itself grows by that; one gradient a step would be more after three steps. */
  private static final double SLACK = 80;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Finding of(Subject subject) throws Exception {
    Finding.Notes notes = new Finding.Notes();
    int steps = subject.extent().memorySteps();
    int before = steps / 10;
    double[] used =
        subject.compute(
            () -> {
              try (TrainSubject training = subject.training()) {
                training.steps(before);
                double early = subject.usedMegabytes();
                training.steps(steps - before);
                return new double[] {early, subject.usedMegabytes()};
              }
            });
    notes.put("MB in use at step " + before, used[0]);
    notes.put("MB in use at step " + steps, used[1]);
    // Where the driver does not tell, there is nothing to compare.
    notes.require(!(used[1] - used[0] > SLACK), "it holds more than %.0f MB more".formatted(SLACK));
    return notes.finding();
  }
}
