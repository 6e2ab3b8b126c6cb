package dev.onecycle.dataset;

import dev.onecycle.dataset.files.ImportLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of imports.
 *
 * @param roots directories below which a {@code directory} source may lie; none by default
 * @param maxUpload the largest archive that is taken, uploaded or downloaded
 * @param maxUnpacked the most bytes that one import may unpack to
 * @param maxPicture the largest single picture file
 * @param maxFiles the most files and folders of one import
 * @param maxRatio how many times larger than itself an archive may unpack
 * @param maxDownloadTime how long a download may take
 * @param maxStall how long a download or import may make no progress
 * @param imports how many run at once in this process
 * @param maxWaiting how many may wait; more are refused
 * @param maxPixels the largest width x height of a picture; larger ones are left out
 * @param pixelCache disk space for decoded pictures; 0 keeps none and decodes in every epoch
 */
@ConfigurationProperties("onecycle.dataset")
public record DatasetProperties(
    @DefaultValue({}) List<Path> roots,
    @DefaultValue("8GB") DataSize maxUpload,
    @DefaultValue("64GB") DataSize maxUnpacked,
    @DefaultValue("64MB") DataSize maxPicture,
    @DefaultValue("2000000") int maxFiles,
    @DefaultValue("200") int maxRatio,
    @DefaultValue("6h") Duration maxDownloadTime,
    @DefaultValue("5m") Duration maxStall,
    @DefaultValue("1") int imports,
    @DefaultValue("16") int maxWaiting,
    @DefaultValue("50000000") int maxPixels,
    @DefaultValue("32GB") DataSize pixelCache) {

  /** A picture is an array, of three bytes a pixel. */
  private static final int MOST_PIXELS = 700_000_000;

  /** Below so many unpacked bytes no ratio is suspicious: a second or two of unpacking. */
  private static final long HARMLESS = 1L << 30;

  public DatasetProperties {
    roots = List.copyOf(roots);
    requirePositive("max-upload", maxUpload.toBytes());
    requirePositive("max-unpacked", maxUnpacked.toBytes());
    requirePositive("max-picture", maxPicture.toBytes());
    requirePositive("max-files", maxFiles);
    requirePositive("max-ratio", maxRatio);
    requirePositive("max-download-time", maxDownloadTime.toSeconds());
    requirePositive("max-stall", maxStall.toSeconds());
    requirePositive("imports", imports);
    requirePositive("max-waiting", maxWaiting);
    requirePositive("max-pixels", maxPixels);
    if (maxPixels > MOST_PIXELS) {
      throw new IllegalArgumentException(
          "onecycle.dataset.max-pixels is " + maxPixels + " > maximum " + MOST_PIXELS);
    }
    if (pixelCache.isNegative()) {
      throw new IllegalArgumentException("onecycle.dataset.pixel-cache is negative: " + pixelCache);
    }
    if (maxPicture.toBytes() > Integer.MAX_VALUE / 2) {
      throw new IllegalArgumentException(
          "onecycle.dataset.max-picture is " + maxPicture + " > maximum 1023MB");
    }
  }

  private static void requirePositive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException("onecycle.dataset." + name + " is " + value + " < 1");
    }
  }

  /** What one import may take. */
  ImportLimits limits() {
    return new ImportLimits(
        maxFiles, (int) maxPicture.toBytes(), maxUnpacked.toBytes(), maxRatio, HARMLESS);
  }
}
