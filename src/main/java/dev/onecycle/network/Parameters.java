package dev.onecycle.network;

import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The numbers that the optimizer trains, as two flat float32 vectors; also the shape of their
 * gradient.
 *
 * @param decayed convolution and head weights
 * @param plain norm weights and biases and the head's bias, which do not decay
 */
public record Parameters(Tensor decayed, Tensor plain) {

  /** One parameter group: where it begins and ends in each vector. */
  public record Range(long decayedFrom, long decayedTo, long plainFrom, long plainTo) {}

  /** How many numbers each tensor in each vector has, in order. */
  public record Sizes(List<Integer> decayed, List<Integer> plain) {

    /** Returns those of one group. */
    public Sizes in(Range range) {
      return new Sizes(
          between(decayed, range.decayedFrom, range.decayedTo),
          between(plain, range.plainFrom, range.plainTo));
    }

    private static List<Integer> between(List<Integer> sizes, long from, long to) {
      List<Integer> inside = new ArrayList<>();
      long at = 0;
      for (int size : sizes) {
        if (at >= from && at < to) {
          inside.add(size);
        }
        at += size;
      }
      return inside;
    }
  }

  /** Returns one group of these, in the same memory. */
  public Parameters slice(Range range) {
    return new Parameters(
        decayed.slice(range.decayedFrom, range.decayedTo),
        plain.slice(range.plainFrom, range.plainTo));
  }

  /** Returns a copy in new memory, owned by {@code scope}. */
  public Parameters copy(Scope scope) {
    return new Parameters(decayed.copy().keepIn(scope), plain.copy().keepIn(scope));
  }

  /** Returns both of them moved to {@code scope}. */
  public Parameters keepIn(Scope scope) {
    return new Parameters(decayed.keepIn(scope), plain.keepIn(scope));
  }

  /** Returns fresh leaves of autograd over the same memory. */
  public Parameters leaves() {
    return new Parameters(decayed.leaf(), plain.leaf());
  }

  /** Returns the gradients of leaves after a backward pass. */
  public Parameters gradients() {
    return new Parameters(decayed.gradient(), plain.gradient());
  }
}
