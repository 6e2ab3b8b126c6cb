package dev.onecycle.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.checkpoint.LoadedCheckpoint;
import dev.onecycle.checkpoint.States;
import dev.onecycle.evaluation.TestTimeAugmentation;
import dev.onecycle.network.FormulaNetworks;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Seed;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.torch.DType;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.util.unit.DataSize;

/** The queue on a device that the tests hold back until everybody has asked. */
class BatcherIT extends OpenServer {

  private static final List<String> LABELS = List.of("a", "b", "c", "d", "e", "f");
  private static final int VIEW = 64 * 64 * 3;
  private static final Duration LONG = Duration.ofSeconds(30);

  @Autowired private ServingDevice device;
  @Autowired private EightBits eightBits;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<Classifier> loaded = new ArrayList<>();

  @AfterEach
  void free() {
    loaded.forEach(Classifier::release);
  }

  private Batcher batcher(int maxBatch, Duration maxDelay, int maxQueue) {
    ServingProperties properties =
        new ServingProperties(
            "cpu",
            ServingProperties.Precision.FLOAT32,
            1,
            maxBatch,
            maxDelay,
            maxQueue,
            DataSize.ofMegabytes(1),
            1,
            1,
            2,
            Duration.ofMinutes(10));
    return new Batcher(device, new PredictionMetrics(meters), properties);
  }

  /** Its answers differ from picture to picture, by probabilities between 0 and 1. */
  private Classifier classifier(DType precision) {
    StateDict drawn = States.xresnet18(LABELS.size(), 5);
    StateDict state = FormulaNetworks.outspoken(drawn.layout());
    Classifier classifier =
        Classifier.load(
            new LoadedCheckpoint(UUID.randomUUID(), States.manifest(LABELS, null), state, null),
            device.executor(),
            precision,
            eightBits);
    loaded.add(classifier);
    return classifier;
  }

  private static FloatBuffer views(int count, long seed) {
    FloatBuffer views = FloatBuffer.allocate(count * VIEW);
    for (int v = 0; v < count; v++) {
      RandomGenerator random = new Seed(seed).child(v).generator();
      float[] shade = {random.nextFloat(-2, 2), random.nextFloat(-2, 2), random.nextFloat(-2, 2)};
      for (int i = 0; i < VIEW; i++) {
        views.put(v * VIEW + i, shade[i % 3] + random.nextFloat(-1, 1));
      }
    }
    return views;
  }

  private static CompletableFuture<Batcher.Answer> ask(
      Batcher batcher, Classifier classifier, FloatBuffer views) {
    int count = views.capacity() / VIEW;
    try (Batcher.Booking booking = batcher.book(classifier, count)) {
      return booking.ask(views, count);
    }
  }

  /** Keeps the device from anything else until it is counted down. */
  private CountDownLatch hold() {
    CountDownLatch free = new CountDownLatch(1);
    var unused = device.executor().submit(() -> free.await(1, TimeUnit.MINUTES));
    return free;
  }

  private DistributionSummary passes() {
    return meters.get("onecycle.prediction.batch.size").summary();
  }

  /** The answers in one pass, in the order of the views. */
  private List<double[]> together(Classifier classifier, List<FloatBuffer> pictures) {
    Batcher batcher = batcher(pictures.size(), Duration.ZERO, 100);
    long before = passes().count();
    CountDownLatch free = hold();
    List<CompletableFuture<Batcher.Answer>> asked =
        pictures.stream().map(picture -> ask(batcher, classifier, picture)).toList();
    free.countDown();
    List<double[]> answers = asked.stream().map(answer -> probabilities(answer.join())).toList();
    assertThat(passes().count() - before).isEqualTo(1);
    return answers;
  }

  private List<double[]> alone(Classifier classifier, List<FloatBuffer> pictures) {
    Batcher batcher = batcher(8, Duration.ZERO, 100);
    return pictures.stream()
        .map(picture -> probabilities(ask(batcher, classifier, picture).join()))
        .toList();
  }

  private static double[] probabilities(Batcher.Answer answer) {
    return TestTimeAugmentation.softmax(answer.logits(), 0, LABELS.size());
  }

  private static List<FloatBuffer> pictures(int count) {
    return IntStream.range(0, count).mapToObj(i -> views(1, i)).toList();
  }

  @Test
  void aPictureIsAnsweredInABatchAsItIsAlone() {
    List<FloatBuffer> pictures = pictures(8);
    Classifier exact = classifier(DType.FLOAT32);
    List<double[]> alone = alone(exact, pictures);
    assertThat(alone.stream().mapToDouble(BatcherIT::margin).distinct()).hasSize(8);
    for (int count : new int[] {2, 3, 5, 8}) {
      List<double[]> together = together(exact, pictures.subList(0, count));
      for (int i = 0; i < count; i++) {
        assertThat(together.get(i)).containsExactly(alone.get(i), within(1e-5));
      }
    }
    Classifier fast = classifier(DType.BFLOAT16);
    List<double[]> fastAlone = alone(fast, pictures);
    List<double[]> fastTogether = together(fast, pictures);
    for (int i = 0; i < pictures.size(); i++) {
      assertThat(fastTogether.get(i)).containsExactly(fastAlone.get(i), within(0.02));
      if (margin(alone.get(i)) > 0.04) {
        assertThat(best(fastTogether.get(i))).isEqualTo(best(alone.get(i)));
      }
    }
  }

  private static int best(double[] probabilities) {
    return IntStream.range(0, probabilities.length)
        .reduce(0, (a, b) -> probabilities[b] > probabilities[a] ? b : a);
  }

  private static double margin(double[] probabilities) {
    double[] sorted = probabilities.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length - 1] - sorted[sorted.length - 2];
  }

  @Test
  void theViewsOfAPictureStayTogether() {
    Classifier classifier = classifier(DType.FLOAT32);
    Batcher batcher = batcher(8, Duration.ZERO, 100);
    CountDownLatch free = hold();
    List<CompletableFuture<Batcher.Answer>> asked =
        List.of(5, 5, 2, 9).stream()
            .map(count -> ask(batcher, classifier, views(count, count)))
            .toList();
    free.countDown();
    assertThat(asked.stream().map(answer -> answer.join().logits().length / LABELS.size()))
        .containsExactly(5, 5, 2, 9);
    // 5, then 5 and 2, then 9, which is more than a batch and still one picture.
    assertThat(passes().count()).isEqualTo(3);
    assertThat(passes().max()).isEqualTo(9);
    assertThat(batcher.booked()).isZero();
  }

  @Test
  void whoHungUpIsNotComputed() {
    Classifier classifier = classifier(DType.FLOAT32);
    Batcher batcher = batcher(8, Duration.ZERO, 100);
    CountDownLatch free = hold();
    CompletableFuture<Batcher.Answer> gone = ask(batcher, classifier, views(3, 1));
    CompletableFuture<Batcher.Answer> here = ask(batcher, classifier, views(2, 2));
    gone.cancel(false);
    free.countDown();
    here.join();
    assertThat(passes().totalAmount()).isEqualTo(2);
    assertThat(batcher.booked()).isZero();
  }

  @Test
  void aFullQueueSaysWhenToComeBack() {
    Classifier classifier = classifier(DType.FLOAT32);
    Batcher batcher = batcher(8, Duration.ZERO, 10);
    try (Batcher.Booking first = batcher.book(classifier, 9)) {
      assertThatThrownBy(() -> batcher.book(classifier, 2))
          .isInstanceOfSatisfying(
              Failure.Overloaded.class,
              full -> {
                assertThat(full).hasMessage("9 views are waiting; the maximum is 10");
                assertThat(full.retryAfter()).isPositive();
              });
      batcher.requireRoom();
      try (Batcher.Booking second = batcher.book(classifier, 1)) {
        assertThatThrownBy(batcher::requireRoom).isInstanceOf(Failure.Overloaded.class);
      }
    }
    assertThat(batcher.booked()).isZero();
    // Nobody waits: a picture with more views than the queue has room for is computed nevertheless.
    batcher.book(classifier, 11).close();
  }

  @Test
  void classifiersTakeTurns() {
    Classifier busy = classifier(DType.FLOAT32);
    Classifier rare = classifier(DType.FLOAT32);
    Batcher batcher = batcher(2, Duration.ZERO, 100);
    List<String> order = new ArrayList<>();
    CountDownLatch free = hold();
    List<CompletableFuture<Void>> asked = new ArrayList<>();
    for (FloatBuffer picture : pictures(8)) {
      asked.add(ask(batcher, busy, picture).thenRun(() -> order.add("busy")));
    }
    asked.add(ask(batcher, rare, views(1, 9)).thenRun(() -> order.add("rare")));
    free.countDown();
    asked.forEach(CompletableFuture::join);
    assertThat(order.indexOf("rare")).isEqualTo(2);
  }

  @Test
  void onlyThoseWhoAreOnTheirWayAreWaitedFor() {
    Classifier classifier = classifier(DType.FLOAT32);
    Batcher batcher = batcher(8, LONG, 100);
    long begun = System.nanoTime();
    ask(batcher, classifier, views(1, 1)).join();
    assertThat(passes().count()).isEqualTo(1);

    CompletableFuture<Batcher.Answer> first;
    try (Batcher.Booking second = batcher.book(classifier, 1)) {
      first = ask(batcher, classifier, views(1, 2));
      assertThat(first).isNotDone();
      second.ask(views(1, 3), 1).join();
    }
    first.join();
    assertThat(passes().count()).isEqualTo(2);

    Batcher.Booking broken = batcher.book(classifier, 1);
    first = ask(batcher, classifier, views(1, 4));
    broken.close(); // its picture could not be decoded
    first.join();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONG);
  }

  @Test
  void aDelayEnds() {
    Classifier classifier = classifier(DType.FLOAT32);
    Batcher batcher = batcher(8, Duration.ofMillis(50), 100);
    try (Batcher.Booking neverAsks = batcher.book(classifier, 1)) {
      Batcher.Answer answer = ask(batcher, classifier, views(1, 1)).join();
      assertThat(answer.queued()).isGreaterThanOrEqualTo(Duration.ofMillis(50));
    }
  }

  @Test
  void picturesThatWouldFillTheMemoryAreRefused() {
    Batcher batcher = batcher(8, Duration.ZERO, 100);
    Classifier classifier = classifier(DType.FLOAT32);
    int all = Math.toIntExact(Runtime.getRuntime().maxMemory() / classifier.bytesPerView());
    assertThatThrownBy(() -> batcher.book(classifier, all / 2))
        .isInstanceOf(Failure.TooLarge.class);
    assertThat(batcher.booked()).isZero();
  }
}
