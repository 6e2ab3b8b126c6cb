package dev.onecycle.network;

import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Script;
import dev.onecycle.torch.Tensor;
import java.util.List;

/** A network that computes by a {@link FoldedScript}, its weights packed once. */
final class ScriptForm implements InferenceNetwork.Form {

  private final Script script;
  private final Scope own;
  private final List<Tensor> forOne;
  private final List<Tensor> forMore;

  /**
   * Makes one for pictures of {@code size}.
   *
   * @param twice whether one picture by itself has weights of its own: in float32 oneDNN wants some
   *     of 224px in other blocks for it than for any larger number, and would lay them out anew at
   *     each call
   */
  ScriptForm(String methods, StateDict state, int size, boolean twice) {
    script = new Script(methods);
    own = Scope.forKeeping();
    try (Scope loading = Scope.open()) {
      forOne = weights(state, 1, size);
      forMore = twice ? weights(state, 2, size) : forOne;
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private List<Tensor> weights(StateDict state, int pictures, int size) {
    Tensor like = Tensor.zeros(pictures, size, size, 3);
    List<Tensor> packed = script.run("pack", like, FoldedWeights.of(state));
    packed.forEach(weight -> weight.keepIn(own));
    return packed;
  }

  @Override
  public List<Tensor> answer(Tensor pictures) {
    List<Tensor> weights = pictures.shape()[0] == 1 ? forOne : forMore;
    return script.run("logits", pictures, weights);
  }

  @Override
  public void close() {
    script.close();
    own.close();
  }
}
