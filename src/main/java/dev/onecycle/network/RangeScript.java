package dev.onecycle.network;

import dev.onecycle.network.Architecture.ConvLayer;
import dev.onecycle.torch.DType;

/**
 * The folded TorchScript in float32 whose {@code logits} also gives the smallest and the largest
 * number at each place of {@link ActivationRanges}, [places] each.
 */
final class RangeScript extends FoldedScript {

  RangeScript(Architecture architecture) {
    super(architecture, DType.FLOAT32);
  }

  @Override
  void input(String pictures) {
    super.input(pictures);
    line("low = annotate(List[Tensor], [])");
    line("high = annotate(List[Tensor], [])");
    record("x");
  }

  private void record(String x) {
    line("_low = torch.append(low, torch.min(%s))", x);
    line("_high = torch.append(high, torch.max(%s))", x);
  }

  @Override
  void conv(String x, ConvLayer layer) {
    super.conv(x, layer);
    record(x);
  }

  @Override
  void convActivate(String x, ConvLayer layer) {
    super.conv(x, layer);
    activate(x);
    record(x);
  }

  @Override
  void convAddActivate(String y, String x, ConvLayer layer) {
    super.conv(y, layer);
    addActivate(y, x);
    record(x);
  }

  @Override
  String answer(String logits) {
    return logits + ", torch.stack(low), torch.stack(high)";
  }
}
