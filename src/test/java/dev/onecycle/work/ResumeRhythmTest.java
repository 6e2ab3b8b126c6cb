package dev.onecycle.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ResumeRhythmTest {

  private long seconds;
  private final ResumeRhythm rhythm =
      new ResumeRhythm(Duration.ofMinutes(5), () -> Duration.ofSeconds(seconds).toNanos());

  @Test
  void keepsAfterEveryEpochThatIsLongEnough() {
    assertThat(rhythm.due(true)).as("the first").isTrue();
    rhythm.keep(() -> seconds += 2);
    seconds += 39;
    assertThat(rhythm.due(true)).isFalse();
    seconds += 1;
    assertThat(rhythm.due(true)).isTrue();
    rhythm.keep(() -> seconds += 1);
    seconds += 20;
    assertThat(rhythm.due(true)).as("by what the last one took").isTrue();
  }

  @Test
  void keepsInsideAnEpochThatLastsLong() {
    seconds = 299;
    assertThat(rhythm.due(false)).isFalse();
    seconds = 300;
    assertThat(rhythm.due(false)).isTrue();
    rhythm.keep(() -> seconds += 60);
    seconds += 299;
    assertThat(rhythm.due(false)).isFalse();
    assertThat(rhythm.due(true)).isFalse();
    seconds += 1;
    assertThat(rhythm.due(false)).as("however long it takes").isTrue();
    assertThat(rhythm.due(true)).isTrue();
  }
}
