package dev.onecycle.soak;

import dev.onecycle.image.Picture;
import dev.onecycle.image.PictureEncoder;
import dev.onecycle.platform.Seed;
import dev.onecycle.testing.Http;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.Multipart;
import dev.onecycle.testing.Mutation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tools.jackson.databind.JsonNode;

/** Those who use a service, each in a thread of its own, and those who misuse it. */
final class SoakCallers {

  static final byte[] PICTURE = PictureEncoder.png(picture(64, 64, 7));

  private static final String API = "/api/v1";

  /** Served from the first caller on. */
  static final String MODEL = API + "/models/soaked";

  private static final String UNENDED = "?state=QUEUED,RUNNING,PAUSING,CANCELLING&limit=1";
  private static final int MOST_RUNS = 3;
  private static final int MOST_IMPORTS = 4;

  private final Http http;
  private final UUID dataset;
  private final UUID checkpoint;
  private final Path pictures;
  private final Seed seed;
  private final byte[] archive;
  private final List<Thread> threads = new ArrayList<>();
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
  private final WireCallers wire;
  private volatile boolean over;

  @FunctionalInterface
  private interface Caller {
    void call(RandomGenerator random) throws IOException, InterruptedException;
  }

  /**
   * @param dataset trained on and never deleted
   * @param checkpoint served and never deleted
   */
  SoakCallers(Http http, UUID dataset, UUID checkpoint, Path home, long seed) throws IOException {
    this.http = http;
    this.dataset = dataset;
    this.checkpoint = checkpoint;
    this.pictures = home.resolve("soaked");
    this.seed = new Seed(seed);
    this.archive = archive(20);
    this.wire = new WireCallers(http.uri("/").getPort(), MODEL, checkpoint, complaints::add);
    for (int i = 0; i < 8; i++) {
      Path label = Files.createDirectories(pictures.resolve(i % 2 == 0 ? "left" : "right"));
      Files.write(label.resolve(i + ".png"), PictureEncoder.png(picture(40, 30, i)));
    }
  }

  /** What a tiny training is asked for. */
  static Map<String, ?> training(UUID dataset, int epochs) {
    Map<String, ?> small =
        Map.of(
            "itemSize", 32,
            "phases[0].size", 32,
            "phases[0].batchSize", 64,
            "phases[0].epochs", epochs);
    return Map.of("dataset", dataset, "recipe", "smoke", "overrides", small);
  }

  private static Picture picture(int width, int height, int colour) {
    byte[] pixels = new byte[width * height * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * (colour + 1));
    }
    return new Picture(width, height, pixels);
  }

  /** Returns a zip of so many pictures with one of two labels. */
  static byte[] archive(int pictures) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < pictures; i++) {
        zip.putNextEntry(new ZipEntry((i % 2 == 0 ? "left/" : "right/") + i + ".png"));
        zip.write(PictureEncoder.png(picture(50, 40, i)));
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  void begin() {
    call("trainer", this::train);
    call("importer", this::importOne);
    call("switcher", this::switchModel);
    call("predictor", this::predict);
    call("deleter", this::delete);
    call("hostile", wire::misuse);
    call("loiterer", wire::loiter);
    call("phone that sends", wire::sendFromPhone);
    call("phone that reads", wire::readOnPhone);
  }

  private void call(String name, Caller caller) {
    RandomGenerator random = seed.child(threads.size()).generator();
    Thread thread = new Thread(() -> callUntilOver(name, caller, random), name);
    threads.add(thread);
    thread.start();
  }

  private void callUntilOver(String name, Caller caller, RandomGenerator random) {
    while (!over) {
      try {
        caller.call(random);
        Thread.sleep(random.nextInt(200)); // nobody calls in step
      } catch (IOException | UncheckedIOException e) {
        // The service was killed, or closed on somebody who deserves it.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        complaints.add(name + ": " + e);
      }
    }
  }

  /** Waits until nobody calls any more. */
  void end() throws InterruptedException {
    over = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Answers that nobody should get, whatever they asked. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  private Answer heard(Answer answer) {
    if (answer.status() >= 500) {
      complaints.add(answer.status() + ": " + answer.text());
    }
    return answer;
  }

  private List<JsonNode> items(String path) {
    JsonNode items = heard(http.get(API + path)).json().get("items");
    return items == null ? List.of() : items.valueStream().toList();
  }

  private static <T> T one(List<T> of, RandomGenerator random) {
    return of.get(random.nextInt(of.size()));
  }

  private void train(RandomGenerator random) {
    if (heard(http.get(API + "/runs" + UNENDED)).json().get("count").asInt() < MOST_RUNS) {
      heard(
          switch (random.nextInt(4)) {
            case 0 -> http.post(MODEL + "/evaluations", Map.of("dataset", dataset));
            case 1 -> http.post(MODEL + "/batch-predictions", Map.of("dataset", dataset));
            default -> http.post(API + "/runs", training(dataset, random.nextInt(1, 4)));
          });
      return;
    }
    List<JsonNode> runs = items("/runs?limit=10");
    if (!runs.isEmpty()) {
      String what = one(List.of("pause", "resume", "cancel", "resume"), random);
      String id = one(runs, random).get("id").asString();
      heard(http.post(API + "/runs/" + id + "/" + what, ""));
    }
  }

  private void importOne(RandomGenerator random) {
    if (heard(http.get(API + "/runs" + UNENDED + "&kind=import")).json().get("count").asInt()
        >= MOST_IMPORTS) {
      return;
    }
    boolean folder = random.nextInt(3) == 0;
    byte[] sent = random.nextBoolean() ? archive : Mutation.of(archive, random);
    Map<String, ?> source = Map.of("type", "directory", "path", pictures.toString());
    heard(folder ? http.post(API + "/datasets", Map.of("source", source)) : upload(http, sent));
  }

  static Answer upload(Http http, byte[] archive) {
    return http.post(
        API + "/datasets",
        Multipart.CONTENT_TYPE,
        new Multipart().file("archive", "soaked.zip", archive).bytes());
  }

  private void switchModel(RandomGenerator random) {
    List<JsonNode> checkpoints = items("/checkpoints?limit=10");
    if (random.nextInt(5) == 0) {
      heard(http.post(MODEL + "/rollback", ""));
    } else if (!checkpoints.isEmpty()) {
      String id = one(checkpoints, random).get("id").asString();
      heard(http.put(MODEL, Map.of("checkpoint", id)));
    }
  }

  private void predict(RandomGenerator random) {
    byte[] sent = random.nextBoolean() ? PICTURE : Mutation.of(PICTURE, random);
    String path = random.nextBoolean() ? MODEL : API + "/checkpoints/" + checkpoint;
    heard(http.post(path + "/predictions?tta=auto", "image/png", sent));
  }

  private void delete(RandomGenerator random) {
    String kind = one(List.of("/runs", "/datasets", "/checkpoints"), random);
    List<JsonNode> all = items(kind + "?limit=50");
    List<String> keep = List.of(dataset.toString(), checkpoint.toString());
    if (all.size() > 8) {
      String id = one(all.subList(4, all.size()), random).get("id").asString();
      boolean first =
          kind.equals("/runs") && http.get(API + "/checkpoints/" + checkpoint).text().contains(id);
      if (!keep.contains(id) && !first) {
        heard(http.delete(API + kind + "/" + id));
      }
    }
  }
}
