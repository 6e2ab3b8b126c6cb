package dev.onecycle.dataset.pixels;

import java.util.ArrayList;
import java.util.List;

/** Multinomial logistic regression by gradient descent: the most that a linear model can do. */
final class SoftmaxRegression {

  private record Example(float[] features, int label) {}

  private final int classes;
  private final List<Example> train = new ArrayList<>();
  private final List<Example> valid = new ArrayList<>();
  private float[][] weights;

  SoftmaxRegression(int classes) {
    this.classes = classes;
  }

  void add(boolean toTrain, float[] features, int label) {
    (toTrain ? train : valid).add(new Example(features, label));
  }

  void fit(int epochs) {
    weights = new float[classes][train.get(0).features.length];
    for (int epoch = 0; epoch < epochs; epoch++) {
      float rate = 0.02f / (1 + epoch / 10f);
      for (int i = 0; i < train.size(); i++) {
        // 337 is prime to 800: every example once, the classes mixed.
        learn(train.get((int) (i * 337L % train.size())), rate);
      }
    }
  }

  double accuracy(boolean onTrain) {
    List<Example> examples = onTrain ? train : valid;
    return (double) examples.stream().filter(e -> best(scores(e)) == e.label).count()
        / examples.size();
  }

  private void learn(Example example, float rate) {
    float[] p = scores(example);
    float max = p[best(p)];
    float sum = 0;
    for (int k = 0; k < classes; k++) {
      p[k] = (float) Math.exp(p[k] - max);
      sum += p[k];
    }
    for (int k = 0; k < classes; k++) {
      float step = rate * (p[k] / sum - (k == example.label ? 1 : 0));
      for (int j = 0; j < example.features.length; j++) {
        weights[k][j] -= step * example.features[j];
      }
    }
  }

  private float[] scores(Example example) {
    float[] scores = new float[classes];
    for (int k = 0; k < classes; k++) {
      for (int j = 0; j < example.features.length; j++) {
        scores[k] += weights[k][j] * example.features[j];
      }
    }
    return scores;
  }

  private static int best(float[] scores) {
    int best = 0;
    for (int k = 1; k < scores.length; k++) {
      best = scores[k] > scores[best] ? k : best;
    }
    return best;
  }
}
