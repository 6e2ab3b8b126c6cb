package dev.onecycle.work.labels;

import dev.onecycle.evaluation.Opinion;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Reason;
import dev.onecycle.platform.TemporaryFile;
import dev.onecycle.platform.TemporaryFiles;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.output.OutputPart;
import dev.onecycle.run.output.RunOutputs;
import dev.onecycle.store.Blob;
import dev.onecycle.store.BlobStore;
import dev.onecycle.store.DiskSpace;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * The opinions of the folds that a check of labels is through with: a file each, of as many bytes a
 * picture however many labels there are.
 */
@Component
public class FoldFiles {

  private final RunOutputs outputs;
  private final BlobStore store;
  private final DiskSpace space;
  private final TemporaryFiles temporary;

  FoldFiles(RunOutputs outputs, BlobStore store, DiskSpace space, TemporaryFiles temporary) {
    this.outputs = outputs;
    this.store = store;
    this.space = space;
    this.temporary = temporary;
  }

  /** Returns the folds of a run that are done, in order. */
  public List<OutputPart> done(UUID run) {
    return outputs.parts(run);
  }

  /**
   * Makes a fold count: from now on the run goes on after it.
   *
   * @param step how many steps are done with it
   */
  public void keep(RunContext context, int fold, List<Opinion> opinions, long step) {
    String key = "runs/%s/%d/fold-%d.bin".formatted(context.run(), context.attempt(), fold);
    try (TemporaryFile file = temporary.file(".fold")) {
      space.require(temporary.directory(), 0);
      try (DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file.path())))) {
        for (Opinion opinion : opinions) {
          write(opinion, out);
        }
      }
      Blob kept = store.put(key, file.path());
      String last = opinions.get(opinions.size() - 1).picture() + "";
      context.output(new OutputPart(fold, opinions.size(), 0, last, kept), step);
    } catch (IOException e) {
      throw DiskSpace.failure("opinions of run " + context.run(), e);
    }
  }

  private static void write(Opinion opinion, DataOutputStream out) throws IOException {
    out.writeInt(opinion.picture());
    out.writeInt(opinion.given());
    out.writeFloat(opinion.own());
    out.writeByte(opinion.likely().length);
    for (int i = 0; i < opinion.likely().length; i++) {
      out.writeInt(opinion.likely()[i]);
      out.writeFloat(opinion.probabilities()[i]);
    }
  }

  /** Reads the opinions of all folds that are done. */
  public List<Opinion> read(UUID run) {
    List<Opinion> opinions = new ArrayList<>();
    for (OutputPart part : done(run)) {
      store.verify(part.file());
      try (DataInputStream in =
          new DataInputStream(new BufferedInputStream(store.get(part.file().key())))) {
        for (int i = 0; i < part.items(); i++) {
          opinions.add(read(in));
        }
      } catch (IOException e) {
        throw new Failure.Unavailable(
            "fold %d of run %s cannot be read: %s".formatted(part.number(), run, Reason.of(e)),
            "Submit the check again.",
            e);
      }
    }
    return opinions;
  }

  private static Opinion read(DataInputStream in) throws IOException {
    int picture = in.readInt();
    int given = in.readInt();
    float own = in.readFloat();
    int[] likely = new int[in.readUnsignedByte()];
    float[] probabilities = new float[likely.length];
    for (int i = 0; i < likely.length; i++) {
      likely[i] = in.readInt();
      probabilities[i] = in.readFloat();
    }
    return new Opinion(picture, given, own, likely, probabilities);
  }
}
