package dev.onecycle.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.platform.Seed;
import org.junit.jupiter.api.Test;

class InitializationTest {

  private static final Architecture XRESNET18 = Architecture.named("xresnet18");

  @Test
  void aNewHeadKeepsTheBody() {
    StateDict drawn = Initialization.random(Layout.of(XRESNET18, 10), new Seed(1));
    StateDict body = new StateDict(drawn.layout(), drawn.values(), 25);
    StateDict three = Initialization.withNewHead(body, 3, new Seed(2));
    assertThat(three.layout()).isEqualTo(Layout.of(XRESNET18, 3));
    assertThat(three.batchesTracked()).isEqualTo(25);
    body.values()
        .forEach(
            (name, values) -> {
              if (!name.startsWith("11.")) {
                assertThat(three.values().get(name)).isSameAs(values);
              }
            });
    StateDict scratch = Initialization.random(Layout.of(XRESNET18, 3), new Seed(2));
    assertThat(three.values().get("11.weight")).isEqualTo(scratch.values().get("11.weight"));
    assertThat(three.values().get("11.bias")).containsOnly(0);
  }
}
