package dev.onecycle.bench;

import ai.djl.pytorch.jni.JniUtils;
import dev.onecycle.check.TrainSubject;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where the time of a training step of {@link BenchNetwork} at 128px in batches of 64 goes: the
 * share of each kind of operator, by the engine's own profiler, each without what it calls.
 */
final class StepProfile implements Benchmark {

  private static final int STEPS = 3;

  /** The first that an operator's name matches counts. */
  private static final Map<String, Pattern> KINDS = kinds();

  private final Path trace = Files.createTempFile("onecycle-step", ".json");
  private final TorchExecutor executor;
  private final TrainSubject subject;
  private Map<String, Double> shares = Map.of();

  StepProfile() throws Exception {
    Torch torch = Torch.start(Runtime.getRuntime().availableProcessors(), null);
    Device device = torch.devices().get(0);
    executor = new TorchExecutor(torch, "bench", device);
    StateDict state = BenchNetwork.state();
    DType precision = torch.prefersBfloat16(device) ? DType.BFLOAT16 : DType.FLOAT32;
    subject = executor.call(() -> new TrainSubject(state, Numerics.fast(precision), 64, 128));
  }

  private static Map<String, Pattern> kinds() {
    Map<String, Pattern> kinds = new LinkedHashMap<>();
    kinds.put("convolution backward", Pattern.compile("convolution_backward"));
    kinds.put("convolution forward", Pattern.compile("convolution"));
    kinds.put("batch norm backward", Pattern.compile("batch_norm_backward"));
    kinds.put("batch norm forward", Pattern.compile("batch_norm"));
    kinds.put("AdamW", Pattern.compile("adamw|foreach"));
    kinds.put(
        "activation", Pattern.compile("relu|threshold|clamp|silu|swish|gelu|exp_|addcmul|recip"));
    kinds.put("pools", Pattern.compile("pool"));
    kinds.put("matrix products", Pattern.compile("mm|linear|matmul|mv"));
    kinds.put("additions and products", Pattern.compile("aten::(add|mul|div)_?$"));
    kinds.put("casts and copies", Pattern.compile("copy|cat|contiguous|clone"));
    kinds.put("everything else", Pattern.compile(""));
    return kinds;
  }

  @Override
  public String unit() {
    return "% of the time in operators";
  }

  @Override
  public List<Variant> variants() {
    List<Variant> variants = new ArrayList<>();
    for (String kind : KINDS.keySet()) {
      boolean first = variants.isEmpty();
      variants.add(
          new Variant(
              kind,
              () -> {
                if (first) {
                  shares = executor.call(this::profile);
                }
                return shares.getOrDefault(kind, 0.0);
              }));
    }
    return variants;
  }

  private Map<String, Double> profile() throws IOException {
    JniUtils.startProfile(false, false, false);
    subject.steps(STEPS);
    JniUtils.stopProfile(trace.toString());
    Map<String, Double> micros = new HashMap<>();
    double all = 0;
    for (Span span : spans()) {
      micros.merge(kind(span.name), span.own, Double::sum);
      all += span.own;
    }
    double total = all;
    micros.replaceAll((kind, own) -> 100 * own / total);
    return micros;
  }

  private static String kind(String operator) {
    return KINDS.entrySet().stream()
        .filter(kind -> kind.getValue().matcher(operator).find())
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  /** A call of an operator; own time is what its callees leave. */
  private static final class Span {
    final String name;
    final double from;
    final double to;
    double own;

    Span(JsonNode event) {
      name = event.get("name").asString();
      from = event.get("ts").asDouble();
      own = event.get("dur").asDouble();
      to = from + own;
    }
  }

  private List<Span> spans() throws IOException {
    Map<String, List<Span>> threads = new HashMap<>();
    for (JsonNode event : JsonMapper.builder().build().readTree(Files.readString(trace))) {
      if (event.path("name").asString("").startsWith("aten::")) {
        String thread = event.path("tid").asString("");
        threads.computeIfAbsent(thread, any -> new ArrayList<>()).add(new Span(event));
      }
    }
    threads.values().forEach(StepProfile::subtractCallees);
    return threads.values().stream().flatMap(List::stream).toList();
  }

  private static void subtractCallees(List<Span> spans) {
    spans.sort(
        Comparator.<Span>comparingDouble(span -> span.from).thenComparingDouble(span -> -span.to));
    Deque<Span> callers = new ArrayDeque<>();
    for (Span span : spans) {
      while (!callers.isEmpty() && callers.peek().to <= span.from) {
        callers.pop();
      }
      if (!callers.isEmpty()) {
        callers.peek().own -= span.to - span.from;
      }
      callers.push(span);
    }
  }

  @Override
  public void close() {
    executor.submit(Executors.callable(subject::close)).join();
    executor.close();
    trace.toFile().delete();
  }
}
