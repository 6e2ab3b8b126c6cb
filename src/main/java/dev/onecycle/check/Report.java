package dev.onecycle.check;

import dev.onecycle.torch.TorchException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What all checks of a device came to.
 *
 * @param verdict {@code passed}, or {@code failed} where any check did
 * @param system operating system and processor's kind
 * @param java its version
 * @param settings what of the process' environment chose the engine's libraries, by name
 */
record Report(
    String verdict,
    String device,
    Extent extent,
    String system,
    String java,
    Map<String, String> settings,
    List<Part> checks) {

  /** In this order: a lost device is the last that is provoked. */
  private static final List<Check> ALL =
      List.of(
          new StagingCheck(),
          new TrainStepCheck(),
          new MemoryCheck(),
          new ResumeCheck(),
          new ServingCheck(),
          new LoaderCheck(),
          new OutOfMemoryCheck(),
          new LostDeviceCheck());

  private static final List<String> SETTINGS =
      List.of("PYTORCH_VERSION", "PYTORCH_FLAVOR", "PYTORCH_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES");

  /**
   * One check.
   *
   * @param problem why it failed, or null
   */
  record Part(
      String name,
      boolean passed,
      double seconds,
      Map<String, Object> measured,
      @Nullable String problem) {}

  /** Does all checks, one after the other, and tells each on the standard error. */
  static Report of(Subject subject) {
    return of(subject, ALL);
  }

  static Report of(Subject subject, List<Check> checks) {
    List<Part> parts = new ArrayList<>();
    for (Check check : checks) {
      Part part = part(check, subject);
      parts.add(part);
      System.err.printf(
          "%s %s (%.0f s)%s%n",
          part.passed() ? "passed" : "FAILED",
          part.name(),
          part.seconds(),
          part.problem() == null ? "" : ": " + part.problem());
    }
    return new Report(
        parts.stream().allMatch(Part::passed) ? "passed" : "failed",
        subject.device().toString(),
        subject.extent(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        System.getProperty("java.version"),
        environment(),
        parts);
  }

  private static Part part(Check check, Subject subject) {
    long begun = System.nanoTime();
    Finding finding;
    try {
      finding = check.of(subject);
    } catch (TorchException e) {
      finding = new Finding(Map.of(), e.kind() + ", " + e.getMessage());
    } catch (Exception e) {
      finding = new Finding(Map.of(), String.valueOf(e));
    }
    double seconds = Duration.ofNanos(System.nanoTime() - begun).toMillis() / 1e3;
    return new Part(
        check.name(), finding.problem() == null, seconds, finding.measured(), finding.problem());
  }

  private static Map<String, String> environment() {
    Map<String, String> settings = new TreeMap<>();
    for (String name : SETTINGS) {
      String value = System.getenv(name);
      if (value != null) {
        settings.put(name, value);
      }
    }
    return settings;
  }
}
