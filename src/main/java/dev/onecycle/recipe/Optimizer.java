package dev.onecycle.recipe;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.onecycle.platform.Setting;
import dev.onecycle.platform.Settings;
import org.jspecify.annotations.Nullable;

/** How gradients change weights, as fastai has it; momentum belongs to the phase's schedule. */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Optimizer(
    @Setting("how gradients change weights; each has its own defaults for other fields") Kind kind,
    @Setting(value = "decoupled decay, none on norms and biases", min = 0, max = 1)
        double weightDecay,
    @Setting(value = "momentum of the squared gradients; sgd has none", min = 0, max = 0.99999)
        double sqrMomentum,
    @Setting(
            value = "added to the root of the squared gradients; sgd has none",
            min = 1e-12,
            max = 1)
        double epsilon,
    @Setting(
            value = "largest norm of all gradients together; null for any",
            min = 1e-6,
            max = 1e6,
            orNull = true)
        @Nullable Double gradientClip) {

  /** The ways that gradients change weights. */
  public enum Kind {
    /** Adam with decoupled decay. */
    @JsonProperty("adamw")
    ADAMW,
    /** AdamW, half the way back to slow weights every six steps. */
    @JsonProperty("lookahead")
    LOOKAHEAD,
    /** RAdam, half the way back to slow weights every six steps. */
    @JsonProperty("ranger")
    RANGER,
    /** RAdam as long as each tensor, half the way back to slow weights every six steps. */
    @JsonProperty("rangerlars")
    RANGERLARS,
    /** Nesterov's momentum. */
    @JsonProperty("sgd")
    SGD;

    /** Returns whether slow weights follow behind those in training. */
    public boolean looksAhead() {
      return this == LOOKAHEAD || this == RANGER || this == RANGERLARS;
    }
  }

  public Optimizer {
    Settings.check(Optimizer.class, kind, weightDecay, sqrMomentum, epsilon, gradientClip);
  }

  /** Returns what an optimizer of that kind is where its author says nothing: fastai's defaults. */
  static Optimizer defaults(Kind kind) {
    return switch (kind) {
      case ADAMW, LOOKAHEAD -> new Optimizer(kind, 0.01, 0.99, 1e-5, null);
      case RANGER, RANGERLARS -> new Optimizer(kind, 0.01, 0.99, 1e-6, null);
      case SGD -> new Optimizer(kind, 0, 0.99, 1e-5, null);
    };
  }
}
