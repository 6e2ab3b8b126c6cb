package dev.onecycle.run.output;

/**
 * What the weights that a run evaluated say of one picture.
 *
 * @param image its number in the dataset
 * @param actual the position of its label among those of the weights
 * @param predicted that of the label they give it
 * @param loss its cross-entropy
 * @param probability of the predicted label, 0 to 1
 */
public record PictureAnswer(
    int image, int actual, int predicted, double loss, double probability) {}
