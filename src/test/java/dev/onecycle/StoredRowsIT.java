package dev.onecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.Metrics;
import dev.onecycle.checkpoint.Origin;
import dev.onecycle.checkpoint.Preprocessing;
import dev.onecycle.checkpoint.Quantization;
import dev.onecycle.checkpoint.States;
import dev.onecycle.dataset.LabelTableUpload;
import dev.onecycle.dataset.Source;
import dev.onecycle.dataset.pixels.Audit;
import dev.onecycle.dataset.pixels.Audit.Duplicates;
import dev.onecycle.dataset.pixels.Audit.Listing;
import dev.onecycle.dataset.pixels.ChannelStatistics;
import dev.onecycle.dataset.pixels.LabelCount;
import dev.onecycle.dataset.pixels.SplitSpec;
import dev.onecycle.evaluation.Calibration;
import dev.onecycle.evaluation.ConfusionMatrix;
import dev.onecycle.fleet.WorkerDevice;
import dev.onecycle.image.Normalization;
import dev.onecycle.layout.GroupRule;
import dev.onecycle.layout.LabelRule;
import dev.onecycle.layout.Layout;
import dev.onecycle.layout.Part;
import dev.onecycle.network.ActivationRanges;
import dev.onecycle.platform.LabelName;
import dev.onecycle.platform.StoredJson;
import dev.onecycle.recipe.NetworkKind;
import dev.onecycle.recipe.Position;
import dev.onecycle.recipe.Presets;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.run.ResumePoint;
import dev.onecycle.run.ResumedFrom;
import dev.onecycle.run.RunFailure;
import dev.onecycle.run.history.EpochRecord;
import dev.onecycle.run.history.Progress;
import dev.onecycle.search.Metric;
import dev.onecycle.search.Range;
import dev.onecycle.search.SearchPlan;
import dev.onecycle.store.Blob;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.Rows;
import dev.onecycle.training.TtaMenu;
import dev.onecycle.work.Evaluation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is written can be read: the largest value that the guards of each JSON column let through is
 * shown by every route that shows it, and one that cannot be read ends nothing but itself.
 */
class StoredRowsIT extends OpenServer {

  private static final String API = "/api/v1";
  private static final int LONGEST_PATH = 1_000;
  private static final int LISTED = 200;
  private static final Blob BLOB = new Blob("a/b", Long.MAX_VALUE, "f".repeat(64));

  @Autowired private JdbcClient jdbc;
  @Autowired private StoredJson json;
  @Autowired private Checkpoints checkpoints;
  @Autowired private CheckpointStore store;

  private final Set<String> written = new TreeSet<>();

  private UUID dataset;
  private UUID run;
  private UUID worker;
  private UUID search;
  private Checkpoint checkpoint;

  @Test
  void theLargestOfEachColumnIsShown() {
    write(labels());
    assertThat(written).as("every JSON column").isEqualTo(columns());

    JsonNode shown = ok(API + "/datasets/" + dataset);
    assertThat(shown.get("labels")).hasSize(LabelName.MOST);
    ObjectNode listed = (ObjectNode) item(API + "/datasets", dataset);
    assertThat(listed.get("labels")).hasSize(100);
    assertThat(listed.set("labels", shown.get("labels"))).isEqualTo(shown);
    JsonNode audit = ok(API + "/datasets/" + dataset + "/audit");
    assertThat(audit.at("/leaks/items")).hasSize(LISTED);

    shown = ok(API + "/checkpoints/" + checkpoint.id());
    assertThat(shown.get("labels")).hasSize(LabelName.MOST);
    assertThat(shown.at("/selfTest/logits/0")).hasSize(LabelName.MOST);
    assertThat(shown.at("/quantization/pictures").asInt()).isEqualTo(Integer.MAX_VALUE);
    assertThat(item(API + "/checkpoints", checkpoint.id())).isEqualTo(shown);
    assertThat(item(API + "/checkpoints?run=" + run, checkpoint.id())).isEqualTo(shown);
    assertThat(http().get(API + "/checkpoints/" + checkpoint.id() + "/weights").status())
        .isEqualTo(200);

    shown = ok(API + "/runs/" + run);
    assertThat(shown.at("/recipe/phases")).hasSize(16);
    assertThat(shown.at("/failure/message").asString()).hasSize(2_000);
    assertThat(item(API + "/runs", run).get("warnings")).isEqualTo(shown.get("warnings"));
    assertThat(ok(API + "/runs/compare?ids=" + run + "," + Rows.run(jdbc)).get("runs")).hasSize(2);
    JsonNode evaluation = ok(API + "/runs/" + run + "/evaluation");
    assertThat(evaluation.at("/confusionMatrix/cells")).hasSize(2 * LabelName.MOST);
    assertThat(evaluation.get("labels")).hasSize(LabelName.MOST);
    String events = API + "/runs/" + run + "/events";
    assertThat(http().get(events, "Accept", "application/x-ndjson").text())
        .hasSizeGreaterThan(4_000);
    assertThat(item(API + "/workers", worker).get("devices")).hasSize(64);
    assertThat(ok(API + "/searches/" + search).get("space")).hasSize(16);
    assertThat(ok(API + "/searches/" + search).at("/trials/0/scores")).hasSize(8);
    assertThat(item(API + "/searches", search).get("trials").asInt()).isEqualTo(200);
    assertThat(http().get(API + "/storage/orphans").status()).isEqualTo(200);
    load();
  }

  /** Reads the weights back, whose own metadata has the manifest. */
  private void load() {
    assertThat(store.load(checkpoint.id()).state().layout().classes()).isEqualTo(LabelName.MOST);
  }

  @Test
  void whatCannotBeReadIsOneItemAndCanBeDeleted() {
    write(List.of("ant", "bee"));
    for (String column : columns()) {
      String[] name = column.split("\\.", 2);
      boolean text = Set.of("run.recipe", "run_event.data", "run_result.document").contains(column);
      if (!text && !name[0].equals("dataset_audit")) {
        set(name[0], name[1], "\"nonsense\"");
      }
    }
    set("dataset_audit", "document", "\"nonsense\"");
    set("run_result", "document", "\"nonsense\"");

    for (String path : List.of("/datasets/" + dataset, "/checkpoints/" + checkpoint.id())) {
      JsonNode shown = ok(API + path);
      assertThat(shown.at("/failure/message").asString()).endsWith("cannot be read");
      assertThat(shown.at("/failure/fix").asString()).isEqualTo("Delete it: DELETE " + API + path);
      assertThat(item(API + path.substring(0, path.lastIndexOf('/')), id(path))).isEqualTo(shown);
    }
    assertThat(http().get(API + "/datasets/" + dataset + "/audit").status()).isEqualTo(503);
    assertThat(http().get(API + "/runs/" + run + "/evaluation").status()).isEqualTo(503);
    String weights = API + "/checkpoints/" + checkpoint.id();
    assertThat(http().post(weights + "/predictions", "image/png", new byte[] {1}).status())
        .isEqualTo(503);
    assertThat(ok(API + "/runs/" + run).has("progress")).isFalse();
    assertThat(item(API + "/runs", run).get("state").asString()).isEqualTo("SUCCEEDED");
    assertThat(item(API + "/workers", worker).get("devices")).isEmpty();
    assertThat(ok(API + "/searches/" + search).get("rungs")).isEmpty();
    assertThat(ok(API + "/searches/" + search).at("/trials/0/scores")).isEmpty();
    assertThat(item(API + "/searches", search).get("state").asString()).isEqualTo("CANCELLED");
    assertThat(http().delete(API + "/searches/" + search).status()).isEqualTo(204);
    assertThat(http().get(API + "/storage/orphans").status()).isEqualTo(200);

    assertThat(http().delete(API + "/checkpoints/" + checkpoint.id()).status()).isEqualTo(204);
    assertThat(http().delete(API + "/runs/" + run).status()).isEqualTo(204);
    assertThat(http().delete(API + "/datasets/" + dataset).status()).isEqualTo(204);
  }

  @Test
  void noTextHasANul() {
    for (String query : List.of("/runs?tag=%00", "/runs?q=a%00", "/runs?kind=%00")) {
      Answer answer = http().get(API + query);
      assertThat(answer.status()).as(query + answer.text()).isEqualTo(422);
      assertThat(answer.text()).contains("has a NUL");
    }
    Map<String, Object> source = Map.of("type", "url", "url", "https://a.example/\0");
    for (Answer answer :
        List.of(
            http().post(API + "/datasets", Map.of("name", "a\0", "source", source)),
            http().post(API + "/datasets", Map.of("source", source)),
            http().post(API + "/runs", Map.of("dataset", UUID.randomUUID(), "recipe", "\0")))) {
      assertThat(answer.status()).as(answer.text()).isBetween(400, 422);
    }
  }

  private static UUID id(String path) {
    return UUID.fromString(path.substring(path.lastIndexOf('/') + 1));
  }

  @AfterEach
  void deleteWhatIsLarge() {
    jdbc.sql("delete from checkpoint where run_id = ?").param(run).update();
    jdbc.sql("delete from run where id = ?").param(run).update();
    jdbc.sql("delete from dataset where id = ?").param(dataset).update();
    jdbc.sql("delete from search where id = ?").param(search).update();
    jdbc.sql("delete from worker where id = ?").param(worker).update();
  }

  private JsonNode ok(String path) {
    Answer answer = http().get(path);
    assertThat(answer.status())
        .as(answer.text().substring(0, Math.min(500, answer.bytes().length)))
        .isEqualTo(200);
    return answer.json();
  }

  private JsonNode item(String list, UUID id) {
    return ok(list)
        .get("items")
        .valueStream()
        .filter(item -> item.get("id").asString().equals(id.toString()))
        .findFirst()
        .orElseThrow();
  }

  /** Every column that holds JSON, as {@code table.column}. */
  private Set<String> columns() {
    List<String> names =
        jdbc.sql(
                "select concat(table_name, '.', column_name) from information_schema.columns"
                    + " where lower(data_type) = 'json' and lower(table_schema) = 'public'")
            .query(String.class)
            .list();
    Set<String> columns = new TreeSet<>();
    names.forEach(name -> columns.add(name.toLowerCase(Locale.ROOT)));
    return columns;
  }

  private void set(String table, String column, Object value) {
    written.add(table + "." + column);
    String key =
        Map.of(
                "dataset_audit", "dataset_id",
                "run_result", "run_id",
                "run_event", "run_id",
                "search_trial", "search_id")
            .getOrDefault(table, "id");
    UUID row =
        switch (table) {
          case "dataset", "dataset_audit" -> dataset;
          case "checkpoint" -> checkpoint.id();
          case "worker" -> worker;
          case "search", "search_trial" -> search;
          default -> run;
        };
    String text = value instanceof String raw ? raw : json.write(value);
    int rows =
        jdbc.sql(
                "update %s set %s = %s where %s = ?".formatted(table, column, Rows.json(jdbc), key))
            .params(text, row)
            .update();
    assertThat(rows).as(table + "." + column).isEqualTo(1);
  }

  /** The most fields that a search may draw, each from the most values, of the most trials. */
  private void writeSearch() {
    search = UUID.randomUUID();
    jdbc.sql(
            Rows.portable(
                jdbc,
                """
                insert into search (id, name, dataset_id, priority, plan, state, created_at, ended_at)
                values (?, 'large', ?, 0, '{}' format json, 'CANCELLED', current_timestamp, current_timestamp)
                """))
        .params(search, dataset)
        .update();
    jdbc.sql(
            Rows.portable(
                jdbc,
                """
                insert into search_trial (search_id, number, run_id, settings, allowed, scores, over)
                values (?, 0, ?, '{}' format json, 0, '[]' format json, true)
                """))
        .params(search, run)
        .update();
    Map<String, Range> space = new HashMap<>();
    Map<String, Object> drawn = new HashMap<>();
    for (int field = 0; field < 16; field++) {
      String path = "x".repeat(990) + field;
      space.put(path, new Range(null, null, null, null, Collections.nCopies(100, "y".repeat(99))));
      drawn.put(path, "y".repeat(99));
    }
    List<Integer> rungs = List.of(1, 2, 4, 8, 16, 32, 64, 128);
    set("search", "plan", new SearchPlan(space, 200, 2, rungs, Metric.ACCURACY, Long.MIN_VALUE));
    set("search_trial", "settings", drawn);
    set("search_trial", "scores", Collections.nCopies(8, 1 / 3.0));
  }

  private void write(List<String> labels) {
    dataset = Rows.dataset(jdbc, "READY");
    run = Rows.run(jdbc);
    jdbc.sql("update run set state = 'SUCCEEDED', dataset_id = ? where id = ?")
        .params(dataset, run)
        .update();
    set(
        "dataset",
        "source",
        new Source(Source.Type.URL, null, "https://a/" + "x".repeat(3_990), "f".repeat(64)));
    set(
        "dataset",
        "split",
        new SplitSpec(
            SplitSpec.Strategy.RANDOM,
            Math.nextDown(1.0),
            Long.MIN_VALUE,
            false,
            new GroupRule("(" + "x".repeat(498) + ")")));
    set(
        "dataset",
        "progress",
        new dev.onecycle.dataset.Progress(
            Long.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE));
    set(
        "dataset",
        "labels",
        labels.stream()
            .map(label -> new LabelCount(label, Integer.MAX_VALUE, Integer.MAX_VALUE))
            .toList());
    set(
        "dataset",
        "statistics",
        new ChannelStatistics(List.of(1 / 3., 1 / 7., 1 / 9.), List.of(1 / 3., 1 / 7., 1 / 9.)));
    set("dataset", "archive", BLOB);
    set("dataset", "upload", BLOB);
    set("dataset", "label_rule", LabelRule.of(Map.of("pattern", "(" + "x".repeat(498) + ")")));
    set("dataset", "label_table", new LabelTableUpload("t".repeat(LONGEST_PATH), BLOB));
    set("dataset", "pack_index", BLOB);
    set("dataset", "layout", layout(labels));
    jdbc.sql(
            Rows.portable(
                jdbc,
                "insert into dataset_audit (dataset_id, document) values (?, '{}' format json)"))
        .param(dataset)
        .update();
    set("dataset_audit", "document", audit(labels.get(0)));
    writeRun(labels);
    writeSearch();
    worker = UUID.randomUUID();
    jdbc.sql(
            Rows.portable(
                jdbc,
                """
                insert into worker (id, name, host, process, devices, slots, draining, started_at, last_heartbeat)
                values (?, 'large', 'host', 1, '[]' format json, 1, false, current_timestamp, current_timestamp)
                """))
        .param(worker)
        .update();
    set(
        "worker",
        "devices",
        Collections.nCopies(
            64, new WorkerDevice("cuda:63", "n".repeat(200), "u".repeat(200), true)));
  }

  private void writeRun(List<String> labels) {
    Recipe recipe = RecipeReader.read(recipe(), Map.of());
    EpochRecord epoch =
        new EpochRecord(16, 9_999, 1 / 3e100, 1 / 3e100, 1 / 3., 1 / 3e9, 1 / 3e-9, 1 / 3e-9, true);
    set("run", "recipe", recipe);
    set(
        "run",
        "progress",
        new Progress(
            16, 9_999, 10_000, Long.MAX_VALUE, Long.MAX_VALUE, 1 / 3e100, 1 / 3., 1 / 3e-9));
    set("run", "best_epoch", epoch);
    set("run", "last_epoch", epoch);
    set(
        "run",
        "failure",
        new RunFailure(RunFailure.Kind.OUT_OF_MEMORY, "x".repeat(9_999), "y".repeat(1_000)));
    set("run", "warnings", Collections.nCopies(100, "w".repeat(1_000)));
    set(
        "run",
        "resume_point",
        new ResumePoint(9, new Position(16, 9_999, 9_999), Long.MAX_VALUE, true, BLOB));
    set("run", "resumed_from", new ResumedFrom(9, 16, 9_999, Long.MAX_VALUE, Instant.EPOCH));
    jdbc.sql(
            Rows.portable(
                jdbc,
                "insert into run_event (run_id, seq, type, at, data) values (?, 1, 'log',"
                    + " current_timestamp, '{}' format json)"))
        .param(run)
        .update();
    jdbc.sql("update run set last_event = 1 where id = ?").param(run).update();
    set("run_event", "data", Map.of("message", "\u8a9e".repeat(4_000)));
    jdbc.sql(
            Rows.portable(
                jdbc, "insert into run_result (run_id, document) values (?, '{}' format json)"))
        .param(run)
        .update();
    set("run_result", "document", evaluation(labels));
    Manifest manifest =
        new Manifest(
            NetworkKind.plain("xresnet18"),
            labels,
            new Preprocessing(1024, 32, Normalization.imagenet()),
            RecipeReader.tree(recipe),
            new Metrics(1 / 3e100, 1 / 3e100, 1 / 3., 1 / 3.),
            new Origin(run, 1, 1, 1));
    checkpoint = checkpoints.save(store.write(manifest, States.xresnet18(labels.size(), 1)));
    written.add("checkpoint.manifest");
    // More convolutions than any network has.
    List<Float> ranges = Collections.nCopies(1_000, 1 / 3f);
    set(
        "checkpoint",
        "quantization",
        new Quantization(new ActivationRanges(ranges, ranges), 1 / 3., Integer.MAX_VALUE));
  }

  /** As many labels as there may be, each as long as it may be, of the longest characters. */
  private static List<String> labels() {
    return IntStream.range(0, LabelName.MOST)
        .mapToObj(i -> "%05d".formatted(i) + "\u8a9e".repeat(LabelName.LONGEST - 5))
        .toList();
  }

  private static Map<String, Object> recipe() {
    Map<String, Object> tree = RecipeReader.tree(Presets.named("notebook-progressive").recipe());
    Map<String, Object> longest = new HashMap<>(tree);
    Object phase = ((List<?>) tree.get("phases")).get(1);
    longest.put("phases", Collections.nCopies(16, phase));
    return longest;
  }

  private static Layout layout(List<String> labels) {
    String path = "p".repeat(LONGEST_PATH);
    return new Layout(
        List.of(
            new Layout.FoundPart(Part.TRAIN, Collections.nCopies(10, path), 500_000, 500_000),
            new Layout.FoundPart(Part.VALID, Collections.nCopies(10, path), 500_000, 500_000),
            new Layout.FoundPart(Part.TEST, Collections.nCopies(10, path), 500_000, 500_000)),
        new Layout.FoundLabels(
            LabelRule.From.CSV,
            null,
            path,
            path,
            path,
            path,
            10_000,
            labels.subList(0, Math.min(10, labels.size()))),
        new Layout.FoundGroups(500_000, 500_000, Collections.nCopies(10, path)),
        Collections.nCopies(50, new Layout.Ignored(path, 500_000, Collections.nCopies(5, path))),
        Collections.nCopies(50, path));
  }

  private static Audit audit(String label) {
    String path = "p".repeat(LONGEST_PATH);
    List<Audit.Member> members =
        new ArrayList<>(Collections.nCopies(20, new Audit.Member(0, path, label, Part.TRAIN)));
    members.set(19, new Audit.Member(0, path, label, Part.VALID));
    Listing<Duplicates> groups =
        new Listing<>(
            500_000,
            Collections.nCopies(LISTED, new Duplicates(Audit.Likeness.NEAR, 500_000, members)));
    return new Audit(
        500_000,
        500_000,
        new Listing<>(
            500_000, Collections.nCopies(LISTED, new Audit.Unreadable(path, "r".repeat(1_000)))),
        new Listing<>(500_000, Collections.nCopies(LISTED, path)),
        new Listing<>(
            500_000, Collections.nCopies(LISTED, new Audit.Remark(path, "r".repeat(1_000)))),
        new Listing<>(500_000, Collections.nCopies(LISTED, path)),
        new Listing<>(20_000, Collections.nCopies(LISTED, new Audit.EmptyClass(label, Part.TRAIN))),
        Collections.nCopies(
            2, new Audit.Imbalance(Part.TRAIN, 500_000, label, 1, label, 1, 1 / 3.)),
        groups,
        groups,
        groups);
  }

  private static Evaluation evaluation(List<String> labels) {
    List<ConfusionMatrix.Cell> cells = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      cells.add(new ConfusionMatrix.Cell(i, i, Integer.MAX_VALUE / labels.size()));
      cells.add(
          new ConfusionMatrix.Cell(i, labels.size() - 1 - i == i ? 0 : labels.size() - 1 - i, 1));
    }
    ConfusionMatrix confusion = new ConfusionMatrix(labels, cells);
    String label = labels.get(0);
    return new Evaluation(
        UUID.randomUUID(),
        1,
        1,
        true,
        500_000,
        1 / 3.,
        1 / 3.,
        1 / 3.,
        confusion,
        confusion.scores(),
        confusion.mostConfused(1).stream().limit(50).toList(),
        Collections.nCopies(25, new Evaluation.TopPicture(500_000, label, label, 1 / 3., 1 / 3.)),
        new Calibration(1 / 3., 1 / 3., 1 / 3.),
        new TtaMenu(
            500_000, Collections.nCopies(4, new TtaMenu.Choice("flip", 8, 1 / 3., 1 / 3.))));
  }
}
