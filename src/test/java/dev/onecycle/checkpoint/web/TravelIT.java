package dev.onecycle.checkpoint.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.image.Chain;
import dev.onecycle.image.Normalization;
import dev.onecycle.image.Views;
import dev.onecycle.image.decoding.DecodeLimits;
import dev.onecycle.image.decoding.PictureDecoder;
import dev.onecycle.network.Network;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.Multipart;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.Python;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchExecutor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Weights travel from timm and fastai, and the logits stay the same. Skipped without a Python that
 * has them.
 */
class TravelIT extends OpenServer {

  private static final String PATH = "/api/v1/checkpoints";
  private static final int CLASSES = 5;
  private static final List<Integer> SIZES = List.of(160, 193, 224);

  @TempDir private Path folder;
  @Autowired private CheckpointStore store;
  @Autowired private Torch torch;

  @Test
  void timmsWeightsAnswerTheSame() throws Exception {
    Python.require("torch", "safetensors", "timm");
    Python.run("travel.py", "timm", "resnet18d", CLASSES, folder);
    UUID checkpoint = imported("xresnet18");
    assertSame("logits", checkpoint);
    assertTimmAnswers("resnet18d", checkpoint);
  }

  /** The hub's folder, loaded by timm, answers what we do. */
  private void assertTimmAnswers(String model, UUID checkpoint) throws Exception {
    Answer hub = http().get(PATH + "/" + checkpoint + "/hub");
    assertThat(hub.status()).as(hub.text()).isEqualTo(200);
    Path unpacked = Files.createDirectory(folder.resolve("hub"));
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(hub.bytes()))) {
      for (ZipEntry entry; (entry = zip.getNextEntry()) != null; ) {
        Files.copy(zip, unpacked.resolve(entry.getName()));
      }
    }
    Python.run("travel.py", "hub", model, CLASSES, folder);
    assertSame("hub", checkpoint);
  }

  @Tag("proof")
  @ParameterizedTest
  @CsvSource({
    "timm, resnet34d, xresnet34, resnet34d",
    "timm, resnet50d, xresnet50, resnet50d",
    "fastai, xresnet18, xresnet18, resnet18d",
    "fastai, xresnet50, xresnet50, resnet50d"
  })
  void moreWeightsAnswerTheSame(String from, String model, String architecture, String twin)
      throws Exception {
    Python.require("torch", "safetensors", "timm", "fastai");
    Python.run("travel.py", from, model, CLASSES, folder);
    UUID checkpoint = imported(architecture);
    assertSame("logits", checkpoint);
    Answer weights = http().get(PATH + "/" + checkpoint + "/weights");
    Files.write(folder.resolve("weights"), weights.bytes());
    Python.run("travel.py", "load", architecture, CLASSES, folder);
    assertSame("answers", checkpoint);
    assertTimmAnswers(twin, checkpoint);
  }

  /** As a classifier of {@value #CLASSES} labels. */
  private UUID imported(String architecture) throws IOException {
    Answer created = brought(architecture);
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    assertThat(created.json().at("/preprocessing/chain").asString()).isEqualTo("timm");
    return UUID.fromString(created.json().get("id").asString());
  }

  private Answer brought(String architecture) throws IOException {
    String manifest =
        """
        {"architecture": "%s", "labels": ["ant", "bee", "cat", "dog", "eel"], "size": 64,
         "cropShare": 0.95}"""
            .formatted(architecture);
    byte[] body =
        new Multipart()
            .file("weights", "weights", Files.readAllBytes(folder.resolve("weights")))
            .field("manifest", manifest)
            .bytes();
    return http().post(PATH, Multipart.CONTENT_TYPE, body);
  }

  @Tag("proof")
  @Test
  void aWholeLearnerIsRefusedWithWhatToDoInstead() throws Exception {
    Python.require("torch", "fastai", "PIL");
    Python.run("travel.py", "export", "xresnet18", CLASSES, folder);
    Answer refused = brought("xresnet18");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text()).contains("calls fastai.learner.Learner", "learn.export");
    assertThat(refused.json().get("fix").asString()).contains("learn.save('name', with_opt=False)");
  }

  private void assertSame(String name, UUID checkpoint) throws Exception {
    StateDict state = store.load(checkpoint).state();
    try (TorchExecutor executor = new TorchExecutor(torch, "travel", Device.CPU)) {
      for (int size : SIZES) {
        float[] theirs = floats(name + "_" + size);
        float[] ours = executor.call(() -> logits(state, size));
        assertThat(theirs[0]).as("not all the same").isNotCloseTo(theirs[CLASSES], within(0.01f));
        assertThat(ours).as("at %d", size).containsExactly(theirs, within(1e-4f));
      }
    }
  }

  private float[] logits(StateDict state, int size) throws IOException {
    try (Scope scope = Scope.open();
        Network network = new Network(state, Numerics.REFERENCE)) {
      float[] input = hwc(floats("input_" + size), 2, size);
      return network.evaluate(Tensor.of(input, 2, size, size, 3)).floats();
    }
  }

  private float[] floats(String file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(folder.resolve(file)));
    float[] floats = new float[bytes.limit() / Float.BYTES];
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }

  private static float[] hwc(float[] chw, int count, int size) {
    float[] turned = new float[chw.length];
    int area = size * size;
    for (int i = 0; i < count * 3 * area; i++) {
      turned[(i / (3 * area) * area + i % area) * 3 + i / area % 3] = chw[i];
    }
    return turned;
  }

  @Tag("proof")
  @ParameterizedTest
  @CsvSource({"224, 0.875, 500, 375", "160, 0.95, 333, 500", "64, 0.9, 40, 61", "96, 1, 96, 301"})
  void viewsAreTimms(int size, double share, int width, int height) throws Exception {
    Python.require("torch", "timm", "PIL");
    BufferedImage drawn = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(7);
    for (int i = 0; i < width * height; i++) {
      int x = i % width;
      int y = i / width;
      int smooth = 128 + (int) (100 * Math.sin(x / 9. + y / 7.));
      drawn.setRGB(x, y, smooth << 16 | random.nextInt(256) << 8 | i % 251);
    }
    Path png = folder.resolve("picture.png");
    ImageIO.write(drawn, "png", png.toFile());
    Python.run("travel.py", "view", size, share, folder);
    Views views = Chain.TIMM.views((int) (size / share), size, Normalization.imagenet());
    FloatBuffer ours = FloatBuffer.allocate(views.length());
    views.validView(
        PictureDecoder.decode(Files.readAllBytes(png), new DecodeLimits(1_000_000)), ours, 0);
    assertThat(ours.array()).containsExactly(hwc(floats("view"), 1, size), within(2e-6f));
  }
}
