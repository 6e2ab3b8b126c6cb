package dev.onecycle.checkpoint.export;

import static java.util.Objects.requireNonNull;

import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.Metrics;
import dev.onecycle.checkpoint.format.ArrayHeader;
import dev.onecycle.checkpoint.format.NamedArray;
import dev.onecycle.checkpoint.format.SafetensorsWriter;
import dev.onecycle.checkpoint.format.TimmNames;
import dev.onecycle.network.Layout;
import dev.onecycle.platform.Failure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint as the Hugging Face hub keeps networks of timm: a zip, nothing in it packed, of
 * {@code README.md}, {@code config.json} and {@code model.safetensors} with timm's names. It has
 * the same bytes whenever it is written of the same.
 */
public final class HubFolder {

  /** Members have one; of this no zone has another idea. */
  private static final LocalDateTime DATE = LocalDateTime.of(2000, 1, 1, 0, 0);

  private final Layout layout;
  private final TimmNames names;
  private final Map<String, byte[]> texts = new LinkedHashMap<>();

  /**
   * Describes a folder.
   *
   * @param metrics what is known of the weights by now
   * @throws Failure.Conflict if timm has no such network
   */
  public HubFolder(Manifest manifest, @Nullable Metrics metrics) {
    String model =
        TimmNames.model(manifest.network())
            .orElseThrow(
                () ->
                    new Failure.Conflict(
                        "timm has no network that computes what "
                            + manifest.network().label()
                            + " computes: it has xresnet18, 34, 50, 101 and 152 with ReLU and max"
                            + " pools, as resnet18d to resnet152d",
                        "Take its weights under fastai's names from /weights, or /onnx."));
    layout = manifest.layout();
    names = TimmNames.of(layout.architecture());
    HubTexts written = new HubTexts(manifest, metrics, model);
    texts.put("README.md", written.card().getBytes(StandardCharsets.UTF_8));
    texts.put("config.json", written.config().getBytes(StandardCharsets.UTF_8));
  }

  /** Returns what tells it apart from other folders of the same weights. */
  public String mark() {
    CRC32 sum = new CRC32();
    texts.values().forEach(sum::update);
    return Long.toHexString(sum.getValue());
  }

  /**
   * Writes it, array by array.
   *
   * @param arrays of the checkpoint's file, by fastai's names
   */
  public void write(Map<String, NamedArray> arrays, OutputStream out) throws IOException {
    Map<String, NamedArray> renamed = renamed(arrays);
    ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
    for (Map.Entry<String, byte[]> text : texts.entrySet()) {
      add(zip, text.getKey(), to -> to.write(text.getValue()));
    }
    add(zip, "model.safetensors", to -> weights(renamed, to));
    zip.finish();
  }

  private Map<String, NamedArray> renamed(Map<String, NamedArray> arrays) {
    Map<String, NamedArray> renamed = new LinkedHashMap<>();
    for (Layout.Entry entry : layout.entries()) {
      NamedArray array = requireNonNull(arrays.get(entry.name()), entry.name());
      ArrayHeader header = array.header();
      String name = names.of(entry);
      ArrayHeader named = new ArrayHeader(name, header.type(), header.shape());
      renamed.put(name, new NamedArray(named, array.data()));
    }
    return renamed;
  }

  private static void weights(Map<String, NamedArray> arrays, OutputStream out) throws IOException {
    List<ArrayHeader> headers = arrays.values().stream().map(NamedArray::header).toList();
    SafetensorsWriter.write(
        Channels.newChannel(out),
        Map.of("format", "pt"),
        headers,
        header -> bytes(requireNonNull(arrays.get(header.name()))));
  }

  private static ByteBuffer bytes(NamedArray array) {
    return array.data().duplicate();
  }

  /** What a member consists of, written twice: a zip says size and sum before the bytes. */
  private interface Member {
    void write(OutputStream out) throws IOException;
  }

  private static void add(ZipOutputStream zip, String name, Member member) throws IOException {
    Measure measure = new Measure();
    member.write(measure);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setTimeLocal(DATE);
    entry.setSize(measure.size);
    entry.setCrc(measure.getChecksum().getValue());
    zip.putNextEntry(entry);
    member.write(zip);
    zip.closeEntry();
  }

  /** Keeps nothing but how much there was and its sum. */
  private static final class Measure extends CheckedOutputStream {
    private long size;

    private Measure() {
      super(OutputStream.nullOutputStream(), new CRC32());
    }

    @Override
    public void write(int b) throws IOException {
      super.write(b);
      size++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      super.write(bytes, offset, length);
      size += length;
    }
  }
}
