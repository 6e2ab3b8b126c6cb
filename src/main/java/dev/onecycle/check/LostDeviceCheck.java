package dev.onecycle.check;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A label that no network has is an error that a GPU never leaves: it is told as a lost device, and
 * a new process has the device again. A processor refuses the label and goes on. It is tried in a
 * process of its own.
 */
final class LostDeviceCheck implements Check {

  @Override
  public String name() {
    return "lost-device";
  }

  @Override
  public Finding of(Subject subject) throws Exception {
    Finding.Notes notes = new Finding.Notes();
    List<String> said = inAnotherProcess(subject);
    String expected = subject.device().cuda() ? "DEVICE_LOST" : "OTHER";
    String afterwards = subject.device().cuda() ? "DEVICE_LOST" : WrongLabel.COMPUTES;
    notes.put("a label that does not exist", said.get(0));
    notes.put("a step afterwards", said.get(1));
    notes.require(
        said.equals(List.of(expected, afterwards)),
        "expected %s, then %s".formatted(expected, afterwards));
    float loss =
        subject.compute(
            () -> {
              try (TrainSubject training = subject.training()) {
                return training.steps(1);
              }
            });
    notes.put("the loss of a step in this process", loss);
    notes.require(Float.isFinite(loss), "this process lost the device too");
    return notes.finding();
  }

  private static List<String> inAnotherProcess(Subject subject) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(WrongLabel.class.getName(), subject.device().toString()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    List<String> lines = said.lines().toList();
    return lines.size() == 2 ? lines : List.of("nothing: it ended", "with " + process.exitValue());
  }
}
