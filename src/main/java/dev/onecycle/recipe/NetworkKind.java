package dev.onecycle.recipe;

/**
 * The choices that a network's function and the names of its state follow from, but for its labels.
 *
 * @param architecture its name, such as xresnet50
 */
public record NetworkKind(
    String architecture, Activation activation, Pooling pooling, boolean selfAttention) {

  /** Returns an architecture as fastai makes it where nothing else is asked for. */
  public static NetworkKind plain(String architecture) {
    return new NetworkKind(architecture, Activation.RELU, Pooling.MAX, false);
  }

  /** Returns the same with plain activations and pools. */
  public NetworkKind plainly() {
    return new NetworkKind(architecture, Activation.RELU, Pooling.MAX, selfAttention);
  }

  /** Returns how people call it: the architecture, and what is not plain about it. */
  public String label() {
    return architecture
        + (activation == Activation.RELU ? "" : " " + RecordTree.tree(activation))
        + (pooling == Pooling.MAX ? "" : " " + RecordTree.tree(pooling))
        + (selfAttention ? " self-attention" : "");
  }
}
