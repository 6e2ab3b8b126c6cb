package dev.onecycle.serving;

import dev.onecycle.evaluation.ViewChoice;
import dev.onecycle.evaluation.ViewChoice.Drawn;
import dev.onecycle.platform.Failure;
import dev.onecycle.serving.Inputs.Input;
import dev.onecycle.serving.Prediction.Agreement;
import dev.onecycle.serving.Prediction.Timing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One picture's way through a classifier: its views are made and queued; where the first leaves
 * doubt and the caller wants certainty, more of them are; then their answers become one. For the
 * thread of its request alone.
 */
final class Inquiry {

  private static final Logger log = LoggerFactory.getLogger(Inquiry.class);

  /** How often a waiting request looks whether its caller is still there. */
  private static final long LOOK_UP_MILLIS = 20;

  private final Source source;
  private final Classifier classifier;
  private final PredictionOptions options;
  private final Batcher batcher;
  private final Caller caller;
  private final long begun = System.nanoTime();
  private final List<Look> looks = new ArrayList<>();

  /** The views that the answer is made of, and why these. */
  private ViewChoice views;

  private @Nullable SecondLook second;
  private @Nullable Failure failure;

  /** What the views of the picture come from. */
  @FunctionalInterface
  interface Source {

    /**
     * Returns these views.
     *
     * @throws Failure if they cannot be made
     */
    Input make(List<Drawn> drawn);
  }

  /** Views that were queued together; their pixels are the queue's alone. */
  private record Look(
      Duration decoding, Duration viewing, CompletableFuture<Batcher.Answer> answer) {}

  Inquiry(
      Source source,
      Classifier classifier,
      PredictionOptions options,
      Batcher batcher,
      Caller caller) {
    this.source = source;
    this.classifier = classifier;
    this.options = options;
    this.batcher = batcher;
    this.caller = caller;
    views = options.views();
  }

  /** Makes and queues the first views. */
  void ask(Batcher.Booking booking) {
    if (caller.hasHungUp()) {
      throw new CallerLeft();
    }
    try {
      ask(booking, draw(views));
    } catch (Failure e) {
      failure = e;
      booking.forgo(views.count());
    }
  }

  private List<Drawn> draw(ViewChoice choice) {
    return choice.draw(classifier.augmentation(), classifier.views().itemSize(), options.seed());
  }

  private void ask(Batcher.Booking booking, List<Drawn> drawn) {
    Input input = source.make(drawn);
    CompletableFuture<Batcher.Answer> answer = booking.ask(input.views(), input.count());
    looks.add(new Look(input.decoding(), input.viewing(), answer));
  }

  /** Waits for the plain view where it may not be enough, and queues more where it is not. */
  void lookAgain() {
    if (failure != null || options.views() != ViewChoice.AUTO) {
      return;
    }
    try {
      Look plain = looks.get(0);
      CombinedViews combined =
          CombinedViews.of(await(plain).logits(), labels(), options, ViewChoice.NONE);
      SecondLook decided = SecondLook.after(combined.margin(), options.budget(), this::expected);
      second = decided;
      views = decided.views();
      int more = views.count() - 1;
      if (more > 0) {
        // The pixels were not kept: those of all waiting requests would take too much memory.
        try (Batcher.Booking booking = batcher.book(classifier, more)) {
          ask(booking, draw(views).subList(1, 1 + more));
        }
      }
    } catch (Failure.Overloaded e) {
      settleForThePlainView();
    } catch (Failure e) {
      failure = e;
    }
  }

  private void settleForThePlainView() {
    SecondLook refused = Objects.requireNonNull(second).refused();
    second = refused;
    views = refused.views();
  }

  /** Returns when the answer would be there, counted from the request, with so many more views. */
  private Duration expected(int more) {
    Look plain = looks.get(0);
    return Duration.ofNanos(System.nanoTime() - begun)
        .plus(plain.decoding())
        .plus(plain.viewing().multipliedBy(more))
        .plus(batcher.backlog())
        .plusNanos((long) (classifier.nanosPerView() * more));
  }

  /** Waits for everything that was queued. */
  PredictionOutcome answered() {
    try {
      return failure == null
          ? new PredictionOutcome(prediction(), null)
          : new PredictionOutcome(null, failure);
    } catch (Failure e) {
      return new PredictionOutcome(null, e);
    }
  }

  /** Cancels whatever still waits. */
  void giveUp() {
    looks.forEach(look -> look.answer.cancel(false));
  }

  private Prediction prediction() {
    List<Batcher.Answer> answers = new ArrayList<>();
    answers.add(await(looks.get(0)));
    for (Look more : looks.subList(1, looks.size())) {
      try {
        answers.add(await(more));
      } catch (Failure.Unavailable e) {
        log.warn("a second look failed: {}", e.getMessage(), e);
        settleForThePlainView();
      }
    }
    float[] logits = new float[views.count() * labels()];
    int from = 0;
    for (Batcher.Answer answer : answers) {
      System.arraycopy(answer.logits(), 0, logits, from, answer.logits().length);
      from += answer.logits().length;
    }
    CombinedViews combined = CombinedViews.of(logits, labels(), options, views);
    return new Prediction(
        combined.ranked(classifier.manifest().labels(), options),
        new Agreement(
            views.count(),
            combined.agreement(),
            second == null ? null : second.margin(),
            second == null ? null : second.reason().word()),
        classifier.precision(),
        new Timing(
            milliseconds(looks, Look::decoding),
            milliseconds(looks, Look::viewing),
            milliseconds(answers, Batcher.Answer::queued),
            milliseconds(answers, Batcher.Answer::inference)));
  }

  private int labels() {
    return classifier.manifest().labels().size();
  }

  private Batcher.Answer await(Look look) {
    while (true) {
      try {
        return look.answer.get(LOOK_UP_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (caller.hasHungUp()) {
          throw new CallerLeft();
        }
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException cause) {
          throw cause;
        }
        throw new IllegalStateException("classifying failed", e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Failure.Unavailable("the service is stopping", "Try again later.", e);
      }
    }
  }

  private static <T> double milliseconds(List<T> parts, Function<T, Duration> time) {
    Duration sum = parts.stream().map(time).reduce(Duration.ZERO, Duration::plus);
    return Math.round(sum.toNanos() / 1e3) / 1e3;
  }
}
