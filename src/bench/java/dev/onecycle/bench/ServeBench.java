package dev.onecycle.bench;

import dev.onecycle.Onecycle;
import dev.onecycle.check.TrainSubject;
import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.Preprocessing;
import dev.onecycle.image.Normalization;
import dev.onecycle.image.Picture;
import dev.onecycle.image.Views;
import dev.onecycle.image.decoding.PictureDecoder;
import dev.onecycle.network.Architecture;
import dev.onecycle.network.InferenceNetwork;
import dev.onecycle.network.Initialization;
import dev.onecycle.network.Layout;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Seed;
import dev.onecycle.recipe.NetworkKind;
import dev.onecycle.serving.ModelPublisher;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchExecutor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/**
 * Predictions of xresnet50 at 224px over HTTP, from JPEGs in memory to JSON: what each part takes
 * alone, then one caller, as many as keep the device busy, more than are let in, and one beside a
 * training on the same processor. Beside it plain servers in Python that call the same network for
 * one picture after the other: PyTorch, OpenVINO, ONNX Runtime.
 */
final class ServeBench implements Benchmark {

  private static final int ITEM = 256;
  private static final int SIZE = 224;
  private static final int BATCH = 8;
  private static final int PICTURES = 400;
  private static final int SATURATING = 16;
  private static final int OVERLOADING = 64;
  private static final double SECONDS = 2;

  private final List<byte[]> pictures = BenchPictures.jpegs(PICTURES);
  private final Views views = Views.of(ITEM, SIZE, Normalization.imagenet());
  private final Path home;
  private final ConfigurableApplicationContext service;
  private final Callers callers;
  private final TorchExecutor executor;
  private final TorchExecutor trainer;
  private final InferenceNetwork network;
  private final TrainSubject training;
  private final List<Variant> variants = new ArrayList<>();
  private final List<PythonPeer> peers = new ArrayList<>();
  private Callers.Heard heard;
  private double stepBesideCaller;

  ServeBench() throws Exception {
    home = Files.createTempDirectory("onecycle-serve");
    service =
        SpringApplication.run(
            Onecycle.class,
            "--onecycle.home=" + home,
            "--server.port=0",
            "--spring.main.banner-mode=off",
            "--logging.level.root=warn");
    StateDict state = state();
    publish(state);
    callers = new Callers(port(), "/api/v1/models/bench/predictions", pictures);
    Torch torch = service.getBean(Torch.class);
    Device device = torch.devices().get(0);
    DType precision = torch.prefersBfloat16(device) ? DType.BFLOAT16 : DType.FLOAT32;
    executor = new TorchExecutor(torch, "bench", device);
    trainer = TorchExecutor.givingWay(torch, "train", device);
    network = executor.call(() -> InferenceNetwork.of(state, precision, SIZE));
    training = trainer.call(() -> new TrainSubject(state, Numerics.fast(precision), 64, 128));
    alone();
    served();
    besideTraining();
    String fast = precision.toString().toLowerCase(Locale.ROOT);
    besidePython(PythonPeer.torch(), "eager", fast);
    besidePython(PythonPeer.openVino(), "openvino", fast);
    besidePython(PythonPeer.onnxRuntime(), "onnxruntime", "float32");
  }

  private static StateDict state() {
    return Initialization.random(Layout.of(Architecture.named("xresnet50"), 10), new Seed(1));
  }

  private void publish(StateDict state) {
    List<String> labels = IntStream.range(0, 10).mapToObj(k -> "label " + k).toList();
    Manifest manifest =
        new Manifest(
            NetworkKind.plain("xresnet50"),
            labels,
            new Preprocessing(ITEM, SIZE, Normalization.imagenet()),
            null,
            null,
            null);
    UUID checkpoint =
        service
            .getBean(Checkpoints.class)
            .save(service.getBean(CheckpointStore.class).write(manifest, state))
            .id();
    service.getBean(ModelPublisher.class).publish("bench", checkpoint);
  }

  private int port() {
    return service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  private void alone() {
    add("alone: a forward pass of 1", () -> forward(1));
    add("alone: a forward pass of " + BATCH + ", a picture", () -> forward(BATCH) / BATCH);
    add("alone: decoding", () -> each(PictureDecoder::decode));
    List<Picture> decoded = pictures.stream().map(PictureDecoder::decode).toList();
    FloatBuffer view = FloatBuffer.allocate(views.length());
    AtomicInteger next = new AtomicInteger();
    add(
        "alone: its view",
        () ->
            each(
                file ->
                    views.validView(
                        decoded.get(next.getAndIncrement() % decoded.size()), view, 0)));
  }

  private double forward(int batch) throws Exception {
    float[] pixels = new float[batch * SIZE * SIZE * 3];
    int passes = 3 * BATCH / batch;
    Work work =
        () -> {
          for (int i = 0; i < passes; i++) {
            try (Scope scope = Scope.open()) {
              network.logits(Tensor.of(pixels, batch, SIZE, SIZE, 3)).floats();
            }
          }
        };
    return executor.call(() -> Benchmark.milliseconds(work)) / passes;
  }

  private double each(Consumer<byte[]> work) throws Exception {
    return Benchmark.milliseconds(() -> pictures.forEach(work)) / pictures.size();
  }

  private void served() {
    add("1 caller: median", () -> median(callers.call(1, SECONDS)));
    add("1 caller: 99 %", () -> heard.quantile(Callers::accepted, .99));
    add(SATURATING + " callers: a picture", () -> aPicture(callers.call(SATURATING, SECONDS)));
    add(SATURATING + " callers: median", () -> heard.quantile(Callers::accepted, .5));
    add(OVERLOADING + " callers: a picture", () -> aPicture(callers.call(OVERLOADING, SECONDS)));
    add(OVERLOADING + " callers: median", () -> heard.quantile(Callers::accepted, .5));
    add(OVERLOADING + " callers: 99 %", () -> heard.quantile(Callers::accepted, .99));
    add(OVERLOADING + " callers, refused: median", () -> heard.quantile(Callers::refused, .5));
    add(OVERLOADING + " callers, refused: 99 %", () -> heard.quantile(Callers::refused, .99));
  }

  private double median(Callers.Heard heard) {
    this.heard = heard;
    return heard.quantile(Callers::accepted, .5);
  }

  private double aPicture(Callers.Heard heard) {
    this.heard = heard;
    return 1e3 * heard.seconds() / heard.milliseconds(Callers::accepted).length;
  }

  private void besideTraining() {
    add("a training step", () -> trainer.call(() -> step(3)));
    add("1 caller beside training: median", () -> median(besideTraining(1)));
    add("1 caller beside training: 99 %", () -> heard.quantile(Callers::accepted, .99));
    add("a training step beside 1 caller", () -> stepBesideCaller);
    add(
        SATURATING + " callers beside training: a picture",
        () -> aPicture(besideTraining(SATURATING)));
    add("a training step beside " + SATURATING + " callers", () -> stepBesideCaller);
  }

  private double step(int steps) throws Exception {
    return Benchmark.milliseconds(() -> training.steps(steps)) / steps;
  }

  private Callers.Heard besideTraining(int count) throws Exception {
    CompletableFuture<Callers.Heard> calling =
        CompletableFuture.supplyAsync(() -> callers.call(count, 3 * SECONDS));
    List<Double> steps = new ArrayList<>();
    while (!calling.isDone()) {
      steps.add(trainer.call(() -> step(1)));
    }
    stepBesideCaller = steps.stream().mapToDouble(s -> s).average().orElseThrow();
    return calling.join();
  }

  /** Fails where Python has neither numpy nor Pillow. */
  private void besidePython(PythonPeer peer, String engine, String precision) throws IOException {
    if (peer == null) {
      return;
    }
    peers.add(peer);
    int port = (int) peer.measure("serve %s %s %d 0".formatted(engine, precision, SIZE));
    Callers theirs = new Callers(port, "/", pictures);
    String name = "Python %s %s, ".formatted(engine, precision);
    add(name + "1 caller: median", () -> median(theirs.call(1, SECONDS)));
    add(
        name + SATURATING + " callers: a picture",
        () -> aPicture(theirs.call(SATURATING, SECONDS)));
  }

  private void add(String name, Measurement measurement) {
    variants.add(new Variant(name, measurement));
  }

  @Override
  public String unit() {
    return "ms";
  }

  @Override
  public List<Variant> variants() {
    return variants;
  }

  @Override
  public void close() throws IOException {
    trainer.submit(Executors.callable(training::close)).join();
    executor
        .submit(
            () -> {
              network.close();
              return true;
            })
        .join();
    executor.close();
    trainer.close();
    service.close();
    peers.forEach(PythonPeer::close);
    FileSystemUtils.deleteRecursively(home);
  }
}
