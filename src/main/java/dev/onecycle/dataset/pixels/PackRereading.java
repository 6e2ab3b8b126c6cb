package dev.onecycle.dataset.pixels;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.onecycle.dataset.pixels.Audit.Listing;
import dev.onecycle.layout.LabelRule;
import dev.onecycle.layout.Layout;
import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A pack understood in another way: its pictures keep their bytes and numbers, and get other labels
 * and parts.
 *
 * @param pictures with those
 */
public record PackRereading(PackSummary summary, List<PackedPicture> pictures) {

  private static final int LINES_AT_ONCE = 1_000;

  /** What counts instead of the pack's own index, made as it is read. */
  public InputStream index() {
    return new Lines();
  }

  private final class Lines extends InputStream {
    private int next;
    private byte[] made = {};
    private int at;

    @Override
    public int read() {
      return more() ? made[at++] & 255 : -1;
    }

    @Override
    public int read(byte[] to, int offset, int count) {
      if (!more()) {
        return -1;
      }
      int copied = Math.min(count, made.length - at);
      System.arraycopy(made, at, to, offset, copied);
      at += copied;
      return copied;
    }

    private boolean more() {
      if (at == made.length && next < pictures.size()) {
        int to = Math.min(pictures.size(), next + LINES_AT_ONCE);
        StringBuilder lines = new StringBuilder();
        pictures.subList(next, to).forEach(picture -> lines.append(picture.line()).append('\n'));
        made = lines.toString().getBytes(UTF_8);
        at = 0;
        next = to;
      }
      return at < made.length;
    }
  }

  /**
   * Understands a pack.
   *
   * @param index that counts instead of the pack's own, or null
   * @param sent tables by their names, beside those in the pack, which they replace
   * @param audit of its import, for what that met beside pictures
   * @param before its layout so far; null if that was not told
   * @throws Failure.Invalid if there is nothing to learn from it that way
   */
  public static PackRereading of(
      Path pack,
      @Nullable Path index,
      Map<String, byte[]> sent,
      LabelRule rule,
      SplitSpec split,
      Audit audit,
      @Nullable Layout before)
      throws IOException {
    try (PackedPictures packed = PackedPictures.open(pack, PackIndex.read(pack, index));
        ZipFile zip = new ZipFile(pack.toFile())) {
      List<PicturePath> unreadable = new ArrayList<>();
      audit.unreadable().items().forEach(one -> add(one.path(), unreadable));
      Map<String, byte[]> tables = tables(zip);
      tables.putAll(sent);
      var files = PackContents.files(packed.index(), unreadable, tables);
      PackContents contents = PackContents.of(packed.index(), files, rule, split);
      PackSummary summary =
          contents.summary(
              sums(zip, packed),
              auditor -> again(audit, auditor),
              sightings(zip, rule).told(contents.layout(), met(before)));
      return new PackRereading(summary, contents.pictures());
    }
  }

  private static void add(String path, List<PicturePath> paths) {
    try {
      paths.add(PicturePath.of(path));
    } catch (Failure.Invalid e) {
      // It was cut to be shown.
    }
  }

  private static List<Layout.Ignored> met(@Nullable Layout before) {
    return before == null
        ? List.of()
        : before.ignored().stream().filter(one -> Sightings.MET.contains(one.why())).toList();
  }

  private static Map<String, byte[]> tables(ZipFile zip) throws IOException {
    Map<String, byte[]> tables = new HashMap<>();
    for (Iterator<? extends ZipEntry> all = zip.entries().asIterator(); all.hasNext(); ) {
      ZipEntry entry = all.next();
      if (entry.getName().startsWith(PackWriter.TABLES)) {
        tables.put(entry.getName().substring(PackWriter.TABLES.length()), bytes(zip, entry));
      }
    }
    return tables;
  }

  /** What the import noted; packs of earlier versions have none. */
  private static Sightings sightings(ZipFile zip, LabelRule rule) throws IOException {
    Sightings sightings = new Sightings(rule);
    ZipEntry notes = zip.getEntry(PackWriter.NOTES);
    if (notes != null) {
      new String(bytes(zip, notes), UTF_8).lines().forEach(sightings::note);
    }
    return sightings;
  }

  private static byte[] bytes(ZipFile zip, ZipEntry entry) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }

  /** Packs of earlier versions have none: their pictures are measured again. */
  static IntFunction<ChannelSums> sums(ZipFile zip, PackedPictures packed) throws IOException {
    ZipEntry entry = zip.getEntry(PackWriter.SUMS);
    if (entry == null) {
      return i -> ChannelSums.of(packed.picture(i));
    }
    ByteBuffer sums = ByteBuffer.wrap(bytes(zip, entry));
    return i -> ChannelSums.read(sums.slice(i * ChannelSums.BYTES, ChannelSums.BYTES));
  }

  /** What was found about pictures by now, and what their import met beside them. */
  static Audit again(Audit before, Auditor auditor) {
    Audit now = auditor.audit(() -> {}, 0, Listing.none(), Listing.none(), Listing.none());
    return new Audit(
        now.pictures(),
        before.ignoredFiles(),
        before.unreadable(),
        now.unlabelled(),
        before.remarks(),
        before.emptyFolders(),
        now.emptyClasses(),
        now.imbalance(),
        now.exactDuplicates(),
        now.nearDuplicates(),
        now.leaks());
  }
}
