package dev.onecycle.dataset.pixels;

import java.util.ArrayList;
import java.util.List;

/**
 * Mean and standard deviation of the pixels, per channel red, green, blue, in units of [0, 1].
 * Every pixel counts once, so large pictures weigh more; the deviation is the unbiased one (divided
 * by n - 1), as PyTorch's {@code std} and so fastai's {@code Normalize} compute it.
 *
 * @param mean three numbers
 * @param std three numbers
 */
public record ChannelStatistics(List<Double> mean, List<Double> std) {

  public ChannelStatistics {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }

  /** The statistics of the pictures with these sums; at least two pixels in all. */
  static ChannelStatistics of(Iterable<ChannelSums> pictures) {
    double pixels = 0;
    double[] sum = new double[3];
    double[] squares = new double[3];
    for (ChannelSums picture : pictures) {
      pixels += picture.pixels();
      for (int channel = 0; channel < 3; channel++) {
        sum[channel] += picture.sum(channel);
        squares[channel] += picture.squares(channel);
      }
    }
    List<Double> mean = new ArrayList<>();
    List<Double> std = new ArrayList<>();
    for (int channel = 0; channel < 3; channel++) {
      double variance =
          (squares[channel] - sum[channel] * sum[channel] / pixels) / Math.max(1, pixels - 1);
      mean.add(sum[channel] / pixels / 255);
      std.add(Math.sqrt(Math.max(0, variance)) / 255);
    }
    return new ChannelStatistics(mean, std);
  }
}
