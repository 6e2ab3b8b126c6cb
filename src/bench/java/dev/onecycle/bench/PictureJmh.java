package dev.onecycle.bench;

import dev.onecycle.image.Augmentation;
import dev.onecycle.image.BatchCrop;
import dev.onecycle.image.Normalization;
import dev.onecycle.image.Picture;
import dev.onecycle.image.PictureDecoder;
import dev.onecycle.image.PictureEncoder;
import dev.onecycle.image.Presize;
import dev.onecycle.image.ViewDraw;
import dev.onecycle.image.Views;
import dev.onecycle.platform.Seed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * The kernel that makes training views, and the decoder, under JMH: images a second on one thread,
 * and Java bytes allocated for each. What is drawn for a view is drawn beforehand.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class PictureJmh {

  private static final int ITEM_SIZE = 460;
  private static final int DRAWS = 64;

  private final byte[] jpeg = PictureEncoder.jpeg(drawn(500, 375));
  private final Picture item = new Presize(ITEM_SIZE).whole(PictureDecoder.decode(jpeg));
  private final Views at224 = Views.of(ITEM_SIZE, 224, Normalization.imagenet());
  private final Views at128 = Views.of(ITEM_SIZE, 128, Normalization.imagenet());
  private final ViewDraw[] draws = new ViewDraw[DRAWS];
  private final BatchCrop[] crops = new BatchCrop[DRAWS];
  private final FloatBuffer view =
      ByteBuffer.allocateDirect(at224.length() * Float.BYTES)
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer();
  private int next;

  /** Draws what the views are made by, the same each time. */
  public PictureJmh() {
    RandomGenerator random = new Seed(1).generator();
    for (int i = 0; i < DRAWS; i++) {
      draws[i] = Augmentation.fastai().draw(random);
      crops[i] = Augmentation.fastai().drawCrop(random, ITEM_SIZE);
    }
  }

  /** A JPEG of 500x375, to pixels. */
  @Benchmark
  public Picture decode() {
    return PictureDecoder.decode(jpeg);
  }

  /** A training view of 224px. */
  @Benchmark
  public FloatBuffer trainView224() {
    return train(at224);
  }

  /** A training view of 128px. */
  @Benchmark
  public FloatBuffer trainView128() {
    return train(at128);
  }

  private FloatBuffer train(Views views) {
    next = (next + 1) % DRAWS;
    views.view(item, draws[next], crops[next], view, 0);
    return view;
  }

  /** Shades, edges and grain, so that it costs about what a photograph does to decode. */
  private static Picture drawn(int width, int height) {
    RandomGenerator random = new Seed(2).generator();
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0, i = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double shade = 120 + 60 * Math.sin(x / 37.0) * Math.cos(y / 23.0);
        double edge = (x / 50 + y / 40) % 2 * 30;
        double grain = 6 * random.nextGaussian();
        for (int c = 0; c < 3; c++, i++) {
          rgb[i] = (byte) Math.round(shade + edge * c / 2 + grain);
        }
      }
    }
    return new Picture(width, height, rgb);
  }

  /**
   * Two results for each method, speed and allocation, over {@code rounds} seconds after twice as
   * many.
   */
  static List<Result> run(int rounds) throws RunnerException {
    Options options =
        new OptionsBuilder()
            .include(PictureJmh.class.getName())
            .forks(1)
            .warmupIterations(2 * rounds)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(rounds)
            .measurementTime(TimeValue.seconds(1))
            .addProfiler(GCProfiler.class)
            .verbosity(VerboseMode.SILENT)
            .build();
    List<Result> results = new ArrayList<>();
    for (RunResult run : new Runner(options).run()) {
      String method = run.getPrimaryResult().getLabel();
      results.add(result(method, "images/s", run.getPrimaryResult().getStatistics()));
      results.add(
          result(
              method,
              "B/image",
              run.getSecondaryResults().get("gc.alloc.rate.norm").getStatistics()));
    }
    return results;
  }

  private static Result result(String method, String unit, Statistics measured) {
    double[] values = new double[(int) measured.getN()];
    for (int i = 0; i < values.length; i++) {
      values[i] = measured.getPercentile(100.0 * (i + 1) / values.length);
    }
    return Result.of("jmh", method, unit, values);
  }
}
