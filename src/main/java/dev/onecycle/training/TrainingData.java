package dev.onecycle.training;

import dev.onecycle.dataset.pixels.Pictures;
import dev.onecycle.image.Normalization;
import java.util.List;

/** What a run trains on and validates with. Phases count from 1. */
public interface TrainingData {

  /** The ordered class names; a picture's label is a position in it. */
  List<String> labels();

  /** The pictures that train in {@code phase}. */
  Pictures train(int phase);

  /** The pictures that validate in {@code phase}. */
  Pictures valid(int phase);

  /** What pictures are normalised by. */
  Normalization normalization();

  /** Whether {@code phase} validates on pictures that an earlier phase trained on. */
  boolean leaky(int phase);
}
