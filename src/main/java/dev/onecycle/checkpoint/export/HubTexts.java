package dev.onecycle.checkpoint.export;

import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.Metrics;
import dev.onecycle.checkpoint.Origin;
import dev.onecycle.checkpoint.Preprocessing;
import dev.onecycle.image.Chain;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The texts that go with weights to the Hugging Face hub. What others named stays in JSON. */
final class HubTexts {

  private static final int SHOWN_LABELS = 100;

  /** Of sorted keys and the same line ends on every system. */
  private static final ObjectWriter JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build()
          .writer()
          .with(
              new DefaultPrettyPrinter()
                  .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                  .withArrayIndenter(new DefaultIndenter("  ", "\n")));

  private final Manifest manifest;
  private final @Nullable Metrics metrics;
  private final String model;

  HubTexts(Manifest manifest, @Nullable Metrics metrics, String model) {
    this.manifest = manifest;
    this.metrics = metrics;
    this.model = model;
  }

  /** Returns {@code config.json}. */
  String config() {
    return JSON.writeValueAsString(TimmConfig.of(manifest, model)) + "\n";
  }

  /** Returns the model card, {@code README.md}. */
  String card() {
    String task = manifest.isBody() ? "image-feature-extraction" : "image-classification";
    StringBuilder card = new StringBuilder();
    card.append(
        """
        ---
        library_name: timm
        pipeline_tag: %s
        tags:
        - %s
        - timm
        - onecycle
        # Yours to say, and what the pictures' own licences allow:
        # license: apache-2.0
        ---

        # %s

        %s: what Onecycle and fastai call %s, under timm's names of its parts.

        """
            .formatted(task, task, title(), model, manifest.architecture()));
    metrics(card);
    pictures(card);
    use(card);
    labels(card);
    recipe(card);
    return card.toString();
  }

  private String title() {
    return manifest.isBody()
        ? model + " without a head"
        : model + " of " + manifest.labels().size() + " labels";
  }

  private void metrics(StringBuilder card) {
    card.append("## Metrics\n\n");
    if (metrics == null) {
      card.append("None were measured where this card was written.\n\n");
      return;
    }
    card.append("| on the validation split | |\n|---|---|\n");
    share(card, "accuracy", metrics.accuracy());
    share(card, "accuracy with test-time augmentation", metrics.ttaAccuracy());
    if (metrics.validLoss() != null) {
      card.append(String.format(Locale.ROOT, "| loss | %.4f |\n", metrics.validLoss()));
    }
    card.append('\n');
  }

  private static void share(StringBuilder card, String name, @Nullable Double share) {
    if (share != null) {
      card.append(String.format(Locale.ROOT, "| %s | %.2f %% |\n", name, 100 * share));
    }
  }

  private void pictures(StringBuilder card) {
    Preprocessing made = manifest.preprocessing();
    card.append("## Pictures\n\n%d x %d pixels, in 0 to 1, ".formatted(made.size(), made.size()));
    card.append(
        "normalised by mean %s and deviation %s.\n\n"
            .formatted(made.normalization().mean(), made.normalization().std()));
    if (made.chain() != Chain.TIMM) {
      card.append(
          """
          The weights learned from fastai's pixels: the middle square, resized to %d pixels by
          Pillow's bilinear filter%s. `config.json` has timm's way that is nearest to it. Logits of
          the same pixels are equal; those of the same file may differ a little.

          """
              .formatted(
                  made.itemSize(),
                  made.size() == made.itemSize() ? "" : " and then to " + made.size()));
    }
  }

  private void use(StringBuilder card) {
    card.append(
        """
        ## Use

        ```python
        import timm, torch
        from PIL import Image

        # "local-dir:FOLDER" takes them from a folder on this machine
        network = timm.create_model("hf-hub:OWNER/NAME", pretrained=True).eval()
        transform = timm.data.create_transform(**timm.data.resolve_model_data_config(network))
        with torch.no_grad():
            answer = network(transform(Image.open("picture.jpg").convert("RGB"))[None])
        ```

        """);
  }

  private void labels(StringBuilder card) {
    if (manifest.isBody()) {
      return;
    }
    List<String> labels = manifest.labels();
    List<String> shown = labels.subList(0, Math.min(SHOWN_LABELS, labels.size()));
    String more =
        shown.size() == labels.size()
            ? ""
            : ", the first %d; all are in `config.json`".formatted(shown.size());
    card.append("## Labels\n\nIn the order of the logits%s.\n\n".formatted(more));
    json(card, shown);
  }

  private void recipe(StringBuilder card) {
    if (manifest.recipe() != null) {
      Origin origin = manifest.origin();
      String after =
          origin == null
              ? ""
              : " Kept after epoch %d of phase %d.".formatted(origin.epoch(), origin.phase());
      card.append("## Recipe\n\nOnecycle's, with every field." + after + "\n\n");
      json(card, manifest.recipe());
    }
  }

  /** In JSON no line break is left, so that no text ends the fence. */
  private static void json(StringBuilder card, Object value) {
    card.append("```json\n").append(JSON.writeValueAsString(value)).append("\n```\n\n");
  }
}
