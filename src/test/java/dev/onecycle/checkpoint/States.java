package dev.onecycle.checkpoint;

import dev.onecycle.image.Normalization;
import dev.onecycle.network.Architecture;
import dev.onecycle.network.Initialization;
import dev.onecycle.network.Layout;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Seed;
import dev.onecycle.recipe.NetworkKind;
import java.util.List;

/** Networks that nobody trained, for tests of what happens around them. */
public final class States {

  private States() {}

  /** An xresnet18 for that many labels, drawn from {@code seed}. */
  public static StateDict xresnet18(int classes, long seed) {
    return Initialization.random(
        Layout.of(Architecture.named("xresnet18"), classes), new Seed(seed));
  }

  /** A manifest for it: 64 pixels from 72, ImageNet's normalisation. */
  public static Manifest manifest(List<String> labels, Origin origin) {
    return new Manifest(
        NetworkKind.plain("xresnet18"),
        labels,
        new Preprocessing(72, 64, Normalization.imagenet()),
        null,
        null,
        origin);
  }
}
