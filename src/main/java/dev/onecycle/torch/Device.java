package dev.onecycle.torch;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A processor or GPU on which tensors live and are computed.
 *
 * @param cuda whether it is a CUDA device; otherwise the processor
 * @param index which CUDA device; 0 for the processor
 */
public record Device(boolean cuda, int index) {

  /** The processor. */
  public static final Device CPU = new Device(false, 0);

  private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,3}))?");

  /**
   * Reads {@code cpu}, {@code cuda} or {@code cuda:1}.
   *
   * @throws IllegalArgumentException otherwise
   */
  public static Device parse(String text) {
    String name = text.trim().toLowerCase(Locale.ROOT);
    Matcher matcher = CUDA.matcher(name);
    if (matcher.matches()) {
      return new Device(true, matcher.group(1) == null ? 0 : Integer.parseInt(matcher.group(1)));
    }
    if (name.equals("cpu")) {
      return CPU;
    }
    throw new IllegalArgumentException("device '" + text + "' is not cpu, cuda or cuda:N");
  }

  ai.djl.Device djl() {
    return cuda ? ai.djl.Device.gpu(index) : ai.djl.Device.cpu();
  }

  /** Returns {@code cpu} or {@code cuda:N}. */
  @Override
  public String toString() {
    return cuda ? "cuda:" + index : "cpu";
  }
}
