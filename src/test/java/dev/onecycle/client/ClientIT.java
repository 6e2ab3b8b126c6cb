package dev.onecycle.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.onecycle.image.PictureEncoder;
import dev.onecycle.image.decoding.TestFiles;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The client that the service hands out, against that service. Skipped without a Python 3.9. */
class ClientIT extends OpenServer {

  private static final String MODEL = "by-the-client";

  @TempDir private Path folder;

  @BeforeEach
  void fetch() throws Exception {
    String newEnough = "import sys; exit(sys.version_info < (3, 9))";
    boolean there;
    try {
      there = Program.run(folder, Map.of(), List.of("python3", "-c", newEnough)).exit() == 0;
    } catch (IOException e) {
      there = false;
    }
    assumeTrue(there, "there is no python3 of 3.9 or newer");
    Answer client = http().get("/client/onecycle.py");
    assertThat(client.status()).isEqualTo(200);
    assertThat(client.header("Content-Type")).isEqualTo("application/octet-stream");
    assertThat(http().get("/client/onecycle.py", "If-None-Match", client.header("ETag")).status())
        .isEqualTo(304);
    Files.write(folder.resolve("onecycle.py"), client.bytes());
  }

  private Program command(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("python3", "onecycle.py"));
    command.addAll(List.of(words));
    String address = http().uri("").toString();
    return Program.run(folder, Map.of("ONECYCLE_URL", address, "ONECYCLE_API_KEY", ""), command);
  }

  private Program script(String text) throws Exception {
    String begin = "import onecycle; client = onecycle.Client('" + http().uri("") + "')\n";
    return Program.run(folder, Map.of(), List.of("python3", "-c", begin + text));
  }

  /** Two kinds of pictures in the two parts of a dataset. */
  private void draw() throws IOException {
    for (String part : List.of("train", "valid")) {
      for (String label : List.of("ant", "bee")) {
        Path pictures = Files.createDirectories(folder.resolve("pictures/" + part + "/" + label));
        for (int i = 0; i < 8; i++) {
          int side = label.equals("ant") ? 40 : 90;
          byte[] png = PictureEncoder.png(TestFiles.ramp(side + i, 50));
          Files.write(pictures.resolve(i + ".png"), png);
        }
      }
    }
    Files.write(folder.resolve("pictures/.hidden"), new byte[1]);
  }

  @Test
  void picturesBecomeAModelThatAnswers() throws Exception {
    draw();
    String trained =
        command(
                "train",
                "pictures",
                "--recipe=smoke",
                "--set=architecture=xresnet18",
                "--set=itemSize=40",
                "--set=phases[0].size=32",
                "--set=phases[0].epochs=2",
                "--set=phases[0].batchSize=8",
                "--model=" + MODEL)
            .succeeded();
    assertThat(trained)
        .contains("32 pictures, 2 labels", "/ui/#/run/", "phase 1  epoch 2  train loss")
        .contains("succeeded", "best accuracy", "served as model " + MODEL);
    String run = trained.replaceAll("(?s).*\nrun ([0-9a-f-]{36}):.*", "$1");
    JsonNode ended = http().get("/api/v1/runs/" + run).json();
    assertThat(ended.get("state").asString()).isEqualTo("SUCCEEDED");
    assertThat(ended.at("/recipe/phases/0/epochs").asInt()).isEqualTo(2);
    String epochs =
        command("watch", run).succeeded().replaceAll("(?s).*(phase 1  epoch 1 .*)\nsucc.*", "$1");
    assertThat(trained).as("seen again").contains(epochs);

    String picture = "pictures/valid/bee/3.png";
    String predicted = command("predict", MODEL, picture, "--top=1", "--json").succeeded();
    JsonNode theirs = new JsonMapper().readTree(predicted);
    String path = "/api/v1/models/" + MODEL + "/predictions?topK=1";
    byte[] file = Files.readAllBytes(folder.resolve(picture));
    assertThat(theirs.get("predictions"))
        .isEqualTo(http().post(path, "image/png", file).json().get("predictions"));
    assertThat(theirs.get("file").asString()).isEqualTo(picture);

    for (String what : List.of(MODEL, run, ended.get("checkpoint").asString())) {
      assertThat(command("export", what, "-o", "w.safetensors").succeeded())
          .isEqualTo("w.safetensors");
      assertThat(Files.readAllBytes(folder.resolve("w.safetensors")))
          .isEqualTo(
              http()
                  .get("/api/v1/checkpoints/" + ended.get("checkpoint").asString() + "/weights")
                  .bytes());
      Files.delete(folder.resolve("w.safetensors"));
    }
    command("export", MODEL, "--format=onnx", "--labels", "-o", "m.onnx").succeeded();
    String onnx = "/api/v1/checkpoints/" + ended.get("checkpoint").asString() + "/onnx?labels=true";
    assertThat(Files.readAllBytes(folder.resolve("m.onnx"))).isEqualTo(http().get(onnx).bytes());

    command("export", MODEL, "--hub", "-o", "m.zip").succeeded();
    String hub = "/api/v1/checkpoints/" + ended.get("checkpoint").asString() + "/hub";
    assertThat(Files.readAllBytes(folder.resolve("m.zip"))).isEqualTo(http().get(hub).bytes());
    showsItself(run, picture);
  }

  /** In a notebook; what people named is text there. */
  private void showsItself(String run, String picture) throws Exception {
    String shown =
        script(
                """
                run = client.run('%s')
                print(run.watch(open('/dev/null', 'w'))._repr_html_())
                print(client.predict('%s', '%s', tta='flip', topK=2)._repr_html_())
                run.info['name'] = '<script>'
                run.refresh = lambda: run
                print('escaped', '&lt;script&gt;' in run._repr_html_(), '<script>' in run._repr_html_())
                again = client.upload('pictures')
                print('same', again.id == client.upload('pictures').id, again.wait().state)
                """
                    .formatted(run, MODEL, picture))
            .succeeded();
    assertThat(shown)
        .contains("/ui/#/run/" + run, "<progress value=\"100.0\"", "<td>2</td>")
        .contains("<meter value=", "<caption>" + picture)
        .contains("escaped True False", "same True READY");
  }

  /** The table that a check writes is what somebody fills in, and what is read again. */
  @Test
  void labelsAreDoubtedInATableAndPutRightByIt() throws Exception {
    draw();
    String checked =
        command(
                "label-check",
                "pictures",
                "--folds=2",
                "--set=phases[0].epochs=1",
                "--set=phases[0].batchSize=8",
                "--output=doubts.csv")
            .succeeded();
    assertThat(checked).contains("/ui/#/labels/", "fold 2 of 2", "then: onecycle.py relabel");
    String dataset = checked.replaceAll("(?s).*relabel ([0-9a-f-]{36}) .*", "$1");
    List<String> table = Files.readAllLines(folder.resolve("doubts.csv"));
    assertThat(table.get(0)).startsWith("picture,action,label,now,likely");
    Files.writeString(
        folder.resolve("filled.csv"),
        "\uFEFF"
            + table.get(0)
            + "\n3,relabel,bee,,,,,,\n4,,,,,,,,\n5,keep,,,,,,,\n6,drop,,,,,,,\n");
    assertThat(command("relabel", dataset, "filled.csv", "--reason=seen").succeeded())
        .startsWith("version 2: ")
        .contains("31 pictures");
    String told =
        script(
                """
                dataset = client.dataset('%s')
                one, two = dataset.versions()
                print(one.id == dataset.id, two.info['reason'])
                print([(c['picture'], c['before'], c.get('after')) for c in two.changes()])
                run = client.run('%s')
                print(len(list(run.doubts())), len(list(run.doubts(label='ant'))))
                """
                    .formatted(dataset, checked.replaceAll("(?s).*run ([0-9a-f-]{36}):.*", "$1")))
            .succeeded();
    assertThat(told).contains("True seen", "[(3, 'ant', 'bee'), (6, 'ant', None)]", "32 16");
    assertThat(command("relabel", dataset, "nowhere.csv").exit()).isEqualTo(1);
  }

  @Test
  void fieldsAreSearchedWatchedAndCancelled() throws Exception {
    draw();
    String[] search = {
      "search",
      "pictures",
      "--recipe=smoke",
      "--set=architecture=xresnet18",
      "--set=itemSize=40",
      "--set=phases[0].size=32",
      "--set=phases[0].epochs=2",
      "--set=phases[0].batchSize=8",
      "--draw=phases[0].learningRate=1e-4:1e-2:log",
      "--draw=activation=relu,silu",
      "--trials=3",
      "--budget=10m",
      "--model=searched"
    };
    String said = command(search).succeeded();
    assertThat(said)
        .contains("/ui/#/search/", "trial 1: accuracy ", "after epoch 2", "1. trial ")
        .contains("activation=", "succeeded", "served as model searched");
    String id = said.replaceAll("(?s).*search ([0-9a-f-]{36}):.*", "$1");
    JsonNode ended = http().get("/api/v1/searches/" + id).json();
    assertThat(ended.has("endsAt")).isTrue();
    assertThat(http().get("/api/v1/models/searched").json().get("checkpoint"))
        .isEqualTo(ended.at("/trials/0/checkpoint"));
    assertThat(script("print(client.of('%s')._repr_html_())".formatted(id)).succeeded())
        .contains("<td>trial 3</td>", "<th>after 2</th>");

    search[search.length - 1] = "--detach";
    String other = command(search).succeeded().replaceAll("(?s).*search ([0-9a-f-]{36}):.*", "$1");
    assertThat(command("cancel", other).succeeded()).isEqualTo("cancelled");
    Program watched = command("watch", other);
    assertThat(watched.exit()).isEqualTo(1);
    assertThat(watched.output()).contains("cancelled");
    Program nonsense = command("search", "pictures", "--draw=activation");
    assertThat(nonsense.exit()).isEqualTo(2);
    assertThat(nonsense.output()).contains("is not FIELD=MIN:MAX");
  }

  @Test
  void picturesAreSplitByGroupsAndReadAnewByATableThatIsSent() throws Exception {
    draw();
    StringBuilder table = new StringBuilder("file,kind\n");
    for (int i = 0; i < 8; i++) {
      for (String place : List.of("train/ant/", "train/bee/", "valid/ant/", "valid/bee/")) {
        table.append(place).append(i).append(i % 2 == 0 ? ".png,even\n" : ".png,odd\n");
      }
    }
    Files.writeString(folder.resolve("kinds.csv"), table);
    String told =
        script(
                """
                groups = {'group': {'pattern': '(?P<group>[0-9])[.]png'}}
                dataset = client.upload('pictures', 'grouped', groups).wait()
                told = lambda: [[l['name'], l['train'], l['valid']] for l in dataset.info['labels']]
                print(told(), dataset.info['layout']['groups']['count'])
                print(dataset.reread(csv='kinds.csv', split='random') is dataset, told())
                print(dataset.reread('first-folder') is dataset, told())
                try: client.dataset('s3://bucket/pictures')
                except onecycle.Refused as e: print(e)
                """)
            .succeeded();
    assertThat(told)
        .contains("[['ant', 14, 2], ['bee', 14, 2]] 8")
        .contains("True [['even', 13, 3], ['odd', 13, 3]]")
        .contains("True [['ant', 13, 3], ['bee', 13, 3]]")
        .contains("s3://bucket/pictures/ does not lie in the buckets that imports may read");
  }

  @Test
  void whatIsRefusedIsSaidInTheServicesWords() throws Exception {
    Program unknown = command("watch", "00000000-0000-7000-8000-000000000000");
    assertThat(unknown.exit()).isEqualTo(1);
    assertThat(unknown.output()).startsWith("there is no run").doesNotContain("Traceback");
    Program wrong = command("train", "sample", "--recipe=fats");
    assertThat(wrong.exit()).isEqualTo(1);
    assertThat(wrong.output()).contains("fast").doesNotContain("Traceback");
    Program missing = command("predict", MODEL, "nowhere.jpg");
    assertThat(missing.exit()).isEqualTo(1);
    assertThat(missing.output()).contains("nowhere.jpg").doesNotContain("Traceback");
    Program nobody = command("--url=http://127.0.0.1:9", "watch", "x");
    assertThat(nobody.exit()).isEqualTo(1);
    assertThat(nobody.output()).contains("does not answer").doesNotContain("Traceback");
    assertThat(command("--help").succeeded()).contains("train", "watch", "predict", "export");
  }

  /** It goes where it is meant to go and not where an answer says. */
  @Test
  void theKeyFollowsNoRedirect() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String key = exchange.getRequestHeaders().getFirst("Authorization");
          heard.add(exchange.getRequestURI() + " " + key);
          exchange.getResponseHeaders().add("Location", "/elsewhere");
          exchange.sendResponseHeaders(307, -1);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort();
      Program answer =
          Program.run(
              folder,
              Map.of("ONECYCLE_URL", url, "ONECYCLE_API_KEY", "secret"),
              List.of("python3", "onecycle.py", "watch", "7"));
      assertThat(answer.exit()).isEqualTo(1);
      assertThat(answer.output()).contains("HTTP 307").doesNotContain("secret");
      assertThat(heard).containsExactly("/api/v1/runs/7 Bearer secret");
    } finally {
      server.stop(0);
    }
    assertThat(new String(Files.readAllBytes(folder.resolve("onecycle.py")), UTF_8))
        .doesNotContain("\t");
  }
}
