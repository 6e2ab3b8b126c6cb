package dev.onecycle.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * PyTorch, fastai, OpenVINO or ONNX Runtime in Python doing the same work, in a process of its own
 * that waits while others measure. {@code BENCH_PYTHON} names the interpreter; what it lacks is
 * said, and the variants are left out.
 */
final class PythonPeer implements AutoCloseable {

  private final Process process;
  private final Writer commands;
  private final BufferedReader answers;

  private PythonPeer(Process process) {
    this.process = process;
    commands = process.outputWriter(StandardCharsets.UTF_8);
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** PyTorch, or null. */
  static PythonPeer torch() throws IOException {
    return find("torch");
  }

  /** PyTorch with this process's settings of memory, or null. */
  static PythonPeer torchWithOurMemory() throws IOException {
    return find("torch", true, "src/test/python/torch_peer.py", "torch");
  }

  /** OpenVINO, which takes its network from PyTorch, or null. */
  static PythonPeer openVino() throws IOException {
    return find("openvino");
  }

  /** ONNX Runtime, which takes its network from PyTorch, or null. */
  static PythonPeer onnxRuntime() throws IOException {
    return find("onnxruntime");
  }

  private static PythonPeer find(String module) throws IOException {
    return find(module, false, "src/test/python/torch_peer.py", module);
  }

  /** fastai's loader of pictures and its training loop, or null. */
  static PythonPeer fastai() throws IOException {
    return find("fastai", false, "src/test/python/fastai_peer.py");
  }

  private static PythonPeer find(String module, boolean ourMemory, String... script)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getenv().getOrDefault("BENCH_PYTHON", "python3"));
    command.addAll(List.of(script));
    ProcessBuilder builder = new ProcessBuilder(command);
    if (!ourMemory) {
      // As its users run it: what the launcher sets for this process is not for that one.
      Map<String, String> environment = builder.environment();
      environment.keySet().removeIf(name -> name.startsWith("MALLOC_"));
      environment.remove("GLIBC_TUNABLES");
    }
    try {
      PythonPeer peer =
          new PythonPeer(builder.redirectError(ProcessBuilder.Redirect.DISCARD).start());
      String version = peer.answers.readLine();
      if (version != null) {
        System.err.println("beside Python's " + module + " (" + version + ")");
        return peer;
      }
      peer.close();
    } catch (IOException e) {
      System.err.println(e.getMessage());
    }
    System.err.printf(
        "%s has no %s: SKIPPED what compares with it (set BENCH_PYTHON)%n", command.get(0), module);
    return null;
  }

  /** The number that the peer answers to a command. */
  double measure(String command) throws IOException {
    commands.write(command + "\n");
    commands.flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("Python ended at: " + command);
    }
    return Double.parseDouble(answer);
  }

  @Override
  public void close() {
    process.destroy();
  }
}
