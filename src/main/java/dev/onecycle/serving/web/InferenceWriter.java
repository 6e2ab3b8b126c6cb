package dev.onecycle.serving.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Nearest;
import dev.onecycle.serving.Prediction;
import dev.onecycle.serving.Prediction.Ranked;
import dev.onecycle.serving.web.InferenceAnswer.AnsweredTensor;
import dev.onecycle.serving.web.InferenceAnswer.TensorSize;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.json.JsonMapper;

/** The writer of answers of the Open Inference Protocol: JSON, and tensors as bytes behind it. */
final class InferenceWriter {

  /** The header that says how many bytes of a body are JSON, where tensors follow it. */
  static final String JSON_LENGTH = "Inference-Header-Content-Length";

  /** The name of the tensor of all labels' probabilities. */
  static final String PROBABILITIES = "probabilities";

  /** The name of the tensor of each picture's best label. */
  static final String LABEL = "label";

  private static final List<String> NAMES = List.of(PROBABILITIES, LABEL);

  private final List<String> names = new ArrayList<>();
  private final List<Boolean> binary = new ArrayList<>();

  /**
   * Prepares what a request wants.
   *
   * @throws Failure.Invalid if it wants a tensor that there is not
   */
  InferenceWriter(InferenceRequest request) {
    boolean all = Boolean.TRUE.equals(request.options().binaryOutput());
    if (request.outputs() == null || request.outputs().isEmpty()) {
      NAMES.forEach(name -> want(name, all));
      return;
    }
    for (InferenceRequest.WantedTensor wanted : request.outputs()) {
      String name = wanted == null ? null : wanted.name();
      if (name == null || !NAMES.contains(name) || names.contains(name)) {
        String message =
            names.contains(name)
                ? "stands in the list twice"
                : Nearest.unknown("tensor", String.valueOf(name), NAMES);
        throw Failure.Invalid.field("outputs[" + names.size() + "].name", message, name, NAMES);
      }
      InferenceRequest.TensorForm form = wanted.parameters();
      want(name, (form == null || form.binary() == null) ? all : form.binary());
    }
  }

  private void want(String name, boolean asBytes) {
    names.add(name);
    binary.add(asBytes);
  }

  /**
   * Writes an answer.
   *
   * @param predictions of all labels, one a picture
   * @param labels in their order
   */
  ResponseEntity<byte[]> write(
      String model,
      UUID checkpoint,
      InferenceRequest request,
      List<Prediction> predictions,
      List<String> labels,
      JsonMapper mapper) {
    List<AnsweredTensor> outputs = new ArrayList<>();
    ByteArrayOutputStream behind = new ByteArrayOutputStream();
    for (int i = 0; i < names.size(); i++) {
      boolean asLabels = names.get(i).equals(LABEL);
      List<Object> data = asLabels ? best(predictions) : probabilities(predictions, labels);
      byte[] bytes = binary.get(i) ? bytes(data) : null;
      if (bytes != null) {
        behind.writeBytes(bytes);
      }
      outputs.add(
          new AnsweredTensor(
              names.get(i),
              asLabels ? "BYTES" : "FP64",
              asLabels ? List.of(predictions.size()) : List.of(predictions.size(), labels.size()),
              bytes == null ? null : new TensorSize(bytes.length),
              bytes == null ? data : null));
    }
    byte[] json =
        mapper.writeValueAsBytes(
            new InferenceAnswer(
                model, request.id(), new InferenceAnswer.AnsweringCheckpoint(checkpoint), outputs));
    HttpHeaders headers = new HttpHeaders();
    headers.setContentType(MediaType.APPLICATION_JSON);
    if (binary.contains(true)) {
      headers.setContentType(MediaType.APPLICATION_OCTET_STREAM);
      headers.set(JSON_LENGTH, Integer.toString(json.length));
    }
    ByteBuffer body = ByteBuffer.allocate(json.length + behind.size());
    body.put(json).put(behind.toByteArray());
    return ResponseEntity.ok().headers(headers).body(body.array());
  }

  private static List<Object> best(List<Prediction> predictions) {
    return predictions.stream().<Object>map(p -> p.predictions().get(0).label()).toList();
  }

  private static List<Object> probabilities(List<Prediction> predictions, List<String> labels) {
    List<Object> data = new ArrayList<>();
    for (Prediction prediction : predictions) {
      Map<String, Double> byLabel = new HashMap<>();
      for (Ranked ranked : prediction.predictions()) {
        byLabel.put(ranked.label(), Objects.requireNonNull(ranked.probability()));
      }
      labels.forEach(label -> data.add(byLabel.get(label)));
    }
    return data;
  }

  /** Numbers as they are in memory, texts each behind its length; little-endian. */
  private static byte[] bytes(List<Object> data) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Object each : data) {
      byte[] text = each instanceof String label ? label.getBytes(UTF_8) : new byte[0];
      ByteBuffer one = ByteBuffer.allocate(Double.BYTES + text.length);
      one.order(ByteOrder.LITTLE_ENDIAN);
      if (each instanceof Double number) {
        one.putDouble(number);
      } else {
        one.putInt(text.length).put(text);
      }
      bytes.write(one.array(), 0, one.position());
    }
    return bytes.toByteArray();
  }
}
