package dev.onecycle.check;

import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tries a GPU before anything is entrusted to it, as {@code bin/gpu-check} starts it: prints one
 * JSON document and ends with 0 if every check passed, 1 if not, 2 if there is nothing to check.
 */
public final class GpuCheck {

  /** Asks for seconds instead of an hour, and for the processor where there is no GPU. */
  private static final String SMALL = "--small";

  private GpuCheck() {}

  /** Checks the first GPU that the process sees. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT);
    PrintStream answer = System.out;
    System.setOut(System.err); // What libraries say is no answer.
    List<String> arguments = List.of(args);
    if (!List.of(SMALL).containsAll(arguments)) {
      System.err.println("usage: bin/gpu-check [" + SMALL + "]");
      System.exit(2);
    }
    boolean small = arguments.contains(SMALL);
    Torch torch = Torch.start(Runtime.getRuntime().availableProcessors(), null);
    Device device = torch.devices().get(0);
    if (!device.cuda() && !small) {
      System.err.println(
          "gpu-check: the engine sees no CUDA device here; " + SMALL + " checks the processor");
      System.exit(2);
    }
    Extent extent = small ? Extent.SMALL : Extent.FULL;
    Report report = Report.of(new Subject(torch, device, extent));
    answer.println(json(report));
    System.exit(report.verdict().equals("passed") ? 0 : 1);
  }

  static String json(Report report) {
    return JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build()
        .writeValueAsString(report);
  }
}
