package dev.onecycle.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.onecycle.checkpoint.Quantization;
import dev.onecycle.dataset.pixels.Pictures;
import dev.onecycle.image.Normalization;
import dev.onecycle.image.Picture;
import dev.onecycle.image.Views;
import dev.onecycle.network.Architecture;
import dev.onecycle.network.FormulaNetworks;
import dev.onecycle.network.Layout;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Seed;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.OnTorchThread;
import dev.onecycle.torch.Torch;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnTorchThread.class)
class QuantizerTest {

  private static final int SIDE = 40;
  private static final Views VIEWS = Views.of(SIDE, 32, Normalization.imagenet());

  private final Set<Integer> seen = new TreeSet<>();

  /** Patches of colour, no two alike. */
  private final Pictures patches =
      new Pictures() {
        @Override
        public int size() {
          return 61;
        }

        @Override
        public int label(int index) {
          return 0;
        }

        @Override
        public Picture picture(int index) {
          seen.add(index);
          RandomGenerator random = new Seed(3).child(index).generator();
          byte[] rgb = new byte[SIDE * SIDE * 3];
          byte[] patch = new byte[3 * 16];
          random.nextBytes(patch);
          for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
              for (int c = 0; c < 3; c++) {
                rgb[(y * SIDE + x) * 3 + c] = patch[(y / 10 * 4 + x / 10) * 3 + c];
              }
            }
          }
          return new Picture(SIDE, SIDE, rgb);
        }
      };

  @BeforeEach
  void onlyWhereThereIsAProcessorForIt() {
    assumeTrue(Torch.start(1, null).multipliesInt8(Device.CPU));
  }

  @Test
  void comparesLabelsOnOtherPicturesThanTheRangesAreOf() {
    Quantization found =
        new Quantizer.Look(state(), patches, 20, VIEWS, () -> false).quantization();
    assertThat(found.pictures()).isEqualTo(20);
    assertThat(found.agreement()).isBetween(0.85, 1.0);
    assertThat(found.agrees()).as("so few cannot tell").isFalse();
    assertThat(found.ranges().areOf(state().layout().architecture())).isTrue();
    assertThat(seen).hasSize(40).contains(0, 1).last().isEqualTo(59);
  }

  @Test
  void stopsWhenAsked() {
    assertThatThrownBy(
            () -> new Quantizer.Look(state(), patches, 20, VIEWS, () -> true).quantization())
        .isInstanceOf(CancellationException.class);
    assertThat(seen).isEmpty();
  }

  @Test
  void weightsThatAreNoNumbersHaveNone() {
    StateDict broken = state();
    broken.values().get("0.0.weight")[0] = Float.NaN;
    assertThat(new Quantizer.Look(broken, patches, 20, VIEWS, () -> false).quantization()).isNull();
  }

  @Test
  void fewPicturesAreNotLookedAt() {
    assertThat(Quantizer.each(199)).isZero();
    assertThat(Quantizer.each(200)).isEqualTo(100);
    assertThat(Quantizer.each(9469)).isEqualTo(256);
  }

  private static StateDict state() {
    return FormulaNetworks.outspoken(Layout.of(Architecture.named("xresnet18"), 10));
  }
}
