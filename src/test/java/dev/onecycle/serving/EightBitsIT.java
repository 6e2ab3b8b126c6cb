package dev.onecycle.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.LoadedCheckpoint;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.Quantization;
import dev.onecycle.checkpoint.SelfTest;
import dev.onecycle.checkpoint.States;
import dev.onecycle.network.ActivationRanges;
import dev.onecycle.network.InferenceNetwork;
import dev.onecycle.network.RangeFinder;
import dev.onecycle.network.StateDict;
import dev.onecycle.serving.ServingProperties.Precision;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import dev.onecycle.torch.Torch;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.unit.DataSize;

/** When predictions are in 8 bits: all that speaks against it, one after the other. */
@ExtendWith(OutputCaptureExtension.class)
class EightBitsIT extends OpenServer {

  private static final int SIZE = 64;

  @Autowired private CheckpointStore store;
  @Autowired private Checkpoints checkpoints;
  @Autowired private ServingDevice device;
  @Autowired private ObjectProvider<Torch> engine;

  private final StateDict state = States.xresnet18(3, 1);
  private final AtomicInteger measured = new AtomicInteger();
  private Manifest manifest;
  private ActivationRanges ranges;

  @BeforeEach
  void ranges() throws Exception {
    assumeTrue(engine.getObject().multipliesInt8(Device.CPU));
    manifest =
        checkpoints
            .save(store.write(States.manifest(List.of("a", "b", "c"), null), state))
            .manifest();
    FloatBuffer pictures = new SelfTest(2, List.of(), null).input(manifest.preprocessing());
    ranges =
        device
            .executor()
            .call(
                () -> {
                  try (RangeFinder finder = new RangeFinder(state, SIZE);
                      Scope scope = Scope.open()) {
                    finder.look(Tensor.of(pictures, SelfTest.PICTURES, SIZE, SIZE, 3));
                    return finder.ranges();
                  }
                });
  }

  private EightBits eightBits(Precision wanted, double speedup) {
    Speedups told =
        new Speedups() {
          @Override
          double measure(InferenceNetwork one, InferenceNetwork other, int size) {
            measured.incrementAndGet();
            return speedup;
          }
        };
    ServingProperties properties =
        new ServingProperties(
            "cpu",
            wanted,
            1,
            1,
            Duration.ZERO,
            1,
            DataSize.ofMegabytes(1),
            1,
            1,
            2,
            Duration.ofMinutes(10));
    return new EightBits(properties, engine, told);
  }

  /** Returns the precision that a checkpoint is served in; twice, as it may be loaded again. */
  private String served(EightBits eightBits, Quantization quantization) {
    LoadedCheckpoint checkpoint =
        new LoadedCheckpoint(UUID.randomUUID(), manifest, state, quantization);
    String first = load(eightBits, checkpoint);
    assertThat(load(eightBits, checkpoint)).isEqualTo(first);
    return first;
  }

  private String load(EightBits eightBits, LoadedCheckpoint checkpoint) {
    Classifier classifier =
        Classifier.load(checkpoint, device.executor(), DType.FLOAT32, eightBits);
    try {
      FloatBuffer black = FloatBuffer.allocate(SIZE * SIZE * 3);
      assertThat(device.executor().submit(() -> classifier.logits(List.of(black))).join())
          .hasSize(3);
      return classifier.precision();
    } finally {
      classifier.release();
    }
  }

  private Quantization agreeing(double agreement) {
    return new Quantization(ranges, agreement, 256);
  }

  @Test
  void whatAgreesAndIsFasterIsServedInEightBits(CapturedOutput log) {
    assertThat(served(eightBits(Precision.AUTO, 1.7), agreeing(0.992))).isEqualTo("int8");
    assertThat(measured).as("once for a kind of network").hasValue(1);
    assertThat(log).contains("is served in int8, 1.7 times as fast as FLOAT32");
  }

  @Test
  void whatIsNotFasterIsNot(CapturedOutput log) {
    assertThat(served(eightBits(Precision.AUTO, 0.98), agreeing(1))).isEqualTo("float32");
    assertThat(log).contains("in FLOAT32, not in int8: that is 0.980 times as fast");
  }

  @Test
  void whoAsksForItGetsItAlsoWhereItIsNotFaster() {
    assertThat(served(eightBits(Precision.INT8, 0.5), agreeing(1))).isEqualTo("int8");
    assertThat(measured).hasValue(0);
  }

  @Test
  void whoAsksForAnotherGetsThat() {
    for (Precision wanted : List.of(Precision.FLOAT32, Precision.BFLOAT16)) {
      assertThat(served(eightBits(wanted, 9), agreeing(1))).isEqualTo("float32");
    }
  }

  @Test
  void whatGivesOtherLabelsIsNotServedSo(CapturedOutput log) {
    for (Precision wanted : List.of(Precision.AUTO, Precision.INT8)) {
      assertThat(served(eightBits(wanted, 9), agreeing(0.9899))).isEqualTo("float32");
    }
    assertThat(log).contains("0.9899 of 256 pictures").containsPattern("WARN.*not in int8");
    assertThat(served(eightBits(Precision.AUTO, 9), new Quantization(ranges, 1, 99)))
        .isEqualTo("float32");
  }

  @Test
  void whatNobodyFoundOutIsNotServedSo(CapturedOutput log) {
    assertThat(served(eightBits(Precision.AUTO, 9), null)).isEqualTo("float32");
    assertThat(log).contains("nothing is known of its ranges");
  }

  @Test
  void whatFailsItsSelfTestIsNotServedSo(CapturedOutput log) {
    List<Float> narrow = ranges.high().stream().map(high -> high / 8).toList();
    ActivationRanges wrong = new ActivationRanges(ranges.low(), narrow(narrow));
    assertThat(served(eightBits(Precision.INT8, 9), new Quantization(wrong, 1, 256)))
        .isEqualTo("float32");
    assertThat(log).contains("not in int8: its logits are off by");
  }

  /** Where that is below the smallest, there is nothing left. */
  private List<Float> narrow(List<Float> high) {
    return IntStream.range(0, high.size())
        .mapToObj(i -> Math.max(high.get(i), ranges.low().get(i)))
        .toList();
  }

  @Test
  void rangesOfAnotherNetworkAreNoReasonToFail() {
    ActivationRanges few = new ActivationRanges(List.of(0f, 0f), List.of(1f, 1f));
    assertThat(served(eightBits(Precision.AUTO, 9), new Quantization(few, 1, 256)))
        .isEqualTo("float32");
  }
}
