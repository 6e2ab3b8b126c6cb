package dev.onecycle.checkpoint.format;

import static dev.onecycle.checkpoint.format.TorchFile.invalid;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The order in which the numbers of an array lie: how far apart those are that follow each other
 * along a dimension. Only orders that leave no gap and use no number twice, such as channels last.
 *
 * @param strides in numbers, one a dimension
 */
record Strides(String name, ArrayHeader header, List<Long> strides) {

  Strides {
    List<Integer> shape = header.shape();
    List<Long> given = strides;
    if (given.size() != shape.size()) {
      throw invalid(name + " has " + shape.size() + " dimensions and " + given.size() + " strides");
    }
    if (header.size() > 0) {
      long next = 1;
      for (int d : ascending(shape, given)) {
        if (given.get(d) != next) {
          throw invalid(name + " has strides " + given + ", with gaps or numbers used twice");
        }
        next *= shape.get(d);
      }
    }
  }

  /** Returns the dimensions that have an order, from the innermost. */
  private static List<Integer> ascending(List<Integer> shape, List<Long> strides) {
    return IntStream.range(0, shape.size())
        .filter(d -> shape.get(d) > 1)
        .boxed()
        .sorted(Comparator.comparing(strides::get))
        .toList();
  }

  /** Returns the numbers row-major; the same buffer where they are. */
  ByteBuffer inOrder(ByteBuffer numbers) {
    List<Integer> order = ascending(header.shape(), strides);
    boolean rowMajor =
        IntStream.range(1, order.size()).allMatch(i -> order.get(i) < order.get(i - 1));
    if (header.size() == 0 || rowMajor) {
      return numbers;
    }
    int bytes = header.type().bytes();
    ByteBuffer ordered = ByteBuffer.allocate(header.bytes());
    int[] at = new int[header.shape().size()];
    long from = 0;
    for (int to = 0; to < header.size(); to++) {
      ordered.put(to * bytes, numbers, (int) from * bytes, bytes);
      for (int d = at.length - 1; d >= 0; d--) {
        from += strides.get(d);
        if (++at[d] < header.shape().get(d)) {
          break;
        }
        from -= strides.get(d) * at[d];
        at[d] = 0;
      }
    }
    return ordered;
  }
}
