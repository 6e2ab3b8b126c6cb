package dev.onecycle.training;

import dev.onecycle.dataset.pixels.Pictures;
import dev.onecycle.image.Normalization;
import java.util.List;

/** The pictures that a run trains on and validates with. Phases count from 1. */
public interface TrainingData {

  /** Returns the ordered class names; a picture's label is a position in it. */
  List<String> labels();

  /** Returns the pictures that train in {@code phase}. */
  Pictures train(int phase);

  /** Returns the pictures that validate in {@code phase}. */
  Pictures valid(int phase);

  /** Returns what pictures are normalised by. */
  Normalization normalization();

  /** Returns whether {@code phase} validates on pictures that an earlier phase trained on. */
  boolean leaky(int phase);
}
