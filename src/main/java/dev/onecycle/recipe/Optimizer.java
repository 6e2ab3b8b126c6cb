package dev.onecycle.recipe;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.onecycle.platform.Setting;
import dev.onecycle.platform.Settings;
import org.jspecify.annotations.Nullable;

/** AdamW as fastai has it; its momentum belongs to the phase's schedule. */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Optimizer(
    @Setting(value = "decoupled decay, none on norms and biases", min = 0, max = 1)
        double weightDecay,
    @Setting(value = "momentum of the squared gradients", min = 0, max = 0.99999)
        double sqrMomentum,
    @Setting(value = "added to the root of the squared gradients", min = 1e-12, max = 1)
        double epsilon,
    @Setting(
            value = "largest norm of all gradients together; null for any",
            min = 1e-6,
            max = 1e6,
            orNull = true)
        @Nullable Double gradientClip) {

  static final Optimizer DEFAULT = new Optimizer(0.01, 0.99, 1e-5, null);

  public Optimizer {
    Settings.check(Optimizer.class, weightDecay, sqrMomentum, epsilon, gradientClip);
  }
}
