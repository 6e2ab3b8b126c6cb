package dev.onecycle.checkpoint.export;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * ONNX Runtime in a process of its own: in one with libtorch, which brings the same libraries under
 * the same names, it crashes now and then.
 */
final class OnnxRuntime implements AutoCloseable {

  private final Process process;
  private final ObjectOutputStream out;
  private final ObjectInputStream in;

  OnnxRuntime() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    process =
        new ProcessBuilder(
                java,
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                OnnxRuntime.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    out = new ObjectOutputStream(new BufferedOutputStream(process.getOutputStream()));
    out.flush();
    in = new ObjectInputStream(process.getInputStream());
  }

  /**
   * What a model answers: its tensors by name, and what it says about itself: its metadata, and the
   * names of what it takes and gives.
   *
   * @param numbers floats, or bytes that are taken as they are
   */
  Map<?, ?> run(byte[] model, String input, Object numbers, long... shape) throws Exception {
    for (Object each : List.of(model, input, numbers, shape)) {
      out.writeObject(each);
    }
    out.reset();
    out.flush();
    Object answer = in.readObject();
    if (answer instanceof Map<?, ?> values) {
      return values;
    }
    throw new AssertionError(answer);
  }

  @Override
  public void close() throws IOException {
    out.close();
    process.destroy();
  }

  public static void main(String[] none) throws Exception {
    PrintStream answers = System.out;
    System.setOut(System.err);
    ObjectOutputStream out = new ObjectOutputStream(answers);
    out.flush();
    ObjectInputStream in = new ObjectInputStream(System.in);
    while (true) {
      byte[] model = (byte[]) in.readObject();
      String input = (String) in.readObject();
      Object numbers = in.readObject();
      long[] shape = (long[]) in.readObject();
      Object answer;
      try {
        answer = answer(model, input, numbers, shape);
      } catch (OrtException e) {
        answer = e.toString();
      }
      out.writeObject(answer);
      out.reset();
      out.flush();
    }
  }

  private static Map<String, Object> answer(
      byte[] model, String input, Object numbers, long[] shape) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, Object> values = new HashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      try (OrtSession session = environment.createSession(model, options);
          OnnxTensor tensor = tensor(environment, numbers, shape);
          OrtSession.Result result = session.run(Map.of(input, tensor))) {
        for (Map.Entry<String, OnnxValue> each : result) {
          values.put(each.getKey(), each.getValue().getValue());
        }
        values.put("metadata", new HashMap<>(session.getMetadata().getCustomMetadata()));
        values.put("inputs", new ArrayList<>(session.getInputNames()));
        values.put("outputs", new ArrayList<>(session.getOutputNames()));
      }
    }
    return values;
  }

  private static OnnxTensor tensor(OrtEnvironment environment, Object numbers, long[] shape)
      throws OrtException {
    if (numbers instanceof float[] floats) {
      return OnnxTensor.createTensor(environment, FloatBuffer.wrap(floats), shape);
    }
    byte[] bytes = (byte[]) numbers;
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.nativeOrder());
    direct.put(bytes).flip();
    return OnnxTensor.createTensor(environment, direct, shape, OnnxJavaType.UINT8);
  }
}
