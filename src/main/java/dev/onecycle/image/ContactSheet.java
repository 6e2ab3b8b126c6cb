package dev.onecycle.image;

import dev.onecycle.platform.Failure;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Square pictures of one size in a grid with words under each, as a PNG for people to look at. Safe
 * for any number of threads.
 */
public final class ContactSheet {

  /**
   * One picture of a sheet.
   *
   * @param label stands under it in bold
   * @param detail stands under that; may be empty
   * @param share of the label in a blend, 0 to 1, drawn as a bar; null for no bar
   */
  public record Tile(Picture picture, String label, String detail, @Nullable Double share) {}

  /** Smaller pictures are shown in a multiple of their size, larger ones in this. */
  private static final int LARGEST = 256;

  private static final int SMALLEST = 160;
  private static final int MARGIN = 28;
  private static final int GAP = 20;
  private static final int HEAD = 58;
  private static final int BAR = 5;
  private static final int CAPTION = 50;
  private static final int SHORT_CAPTION = 34;

  private static final Color PAPER = new Color(0xFBFAF7);
  private static final Color INK = new Color(0x1D1D22);
  private static final Color PENCIL = new Color(0x6D6C75);
  private static final Color EDGE = new Color(0, 0, 0, 40);
  private static final Color OWN = new Color(0x2F6FDE);
  private static final Color OTHER = new Color(0xEBA52F);

  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 19);
  private static final Font LABEL = new Font(Font.SANS_SERIF, Font.BOLD, 14);
  private static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

  private final Graphics2D graphics;
  private final int width;
  private final int side;

  private ContactSheet(BufferedImage paper, int side) {
    this.graphics = paper.createGraphics();
    this.width = paper.getWidth();
    this.side = side;
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    graphics.setColor(PAPER);
    graphics.fillRect(0, 0, paper.getWidth(), paper.getHeight());
  }

  /**
   * Draws a sheet.
   *
   * @param tiles at least one, their pictures square and of one size
   * @return a PNG
   * @throws Failure.Unavailable if this system has no fonts
   */
  public static byte[] png(String title, String subtitle, int columns, List<Tile> tiles) {
    int side = side(tiles.get(0).picture().width());
    int across = Math.min(columns, tiles.size());
    int rows = (tiles.size() + across - 1) / across;
    boolean details = tiles.stream().anyMatch(tile -> !tile.detail().isEmpty());
    int height = side + BAR + (details ? CAPTION : SHORT_CAPTION);
    BufferedImage paper =
        new BufferedImage(
            2 * MARGIN + across * side + (across - 1) * GAP,
            MARGIN + HEAD + rows * height + GAP / 2,
            BufferedImage.TYPE_3BYTE_BGR);
    ContactSheet sheet = new ContactSheet(paper, side);
    try {
      sheet.head(title, subtitle);
      for (int i = 0; i < tiles.size(); i++) {
        int x = MARGIN + i % across * (side + GAP);
        int y = MARGIN + HEAD + i / across * height;
        sheet.tile(tiles.get(i), x, y);
      }
    } finally {
      sheet.graphics.dispose();
    }
    return PictureEncoder.png(paper);
  }

  /** As large as it can be looked at comfortably, without uneven pixels. */
  private static int side(int size) {
    int times = (SMALLEST + size - 1) / size;
    return Math.min(LARGEST, size * times);
  }

  private void head(String title, String subtitle) {
    text(title, TITLE, INK, MARGIN, MARGIN + 15, width - 2 * MARGIN);
    text(subtitle, SMALL, PENCIL, MARGIN, MARGIN + 37, width - 2 * MARGIN);
  }

  private void tile(Tile tile, int x, int y) {
    Picture shown =
        tile.picture().width() == side
            ? tile.picture()
            : Resampling.BICUBIC.resize(tile.picture(), side, side);
    graphics.drawImage(PictureEncoder.toImage(shown), x, y, null);
    graphics.setColor(EDGE);
    graphics.drawRect(x, y, side - 1, side - 1);
    if (tile.share() != null) {
      int own = (int) Math.round(tile.share() * side);
      graphics.setColor(OWN);
      graphics.fillRect(x, y + side + 2, own, BAR);
      graphics.setColor(OTHER);
      graphics.fillRect(x + own, y + side + 2, side - own, BAR);
    }
    text(tile.label(), LABEL, INK, x, y + side + BAR + 17, side);
    text(tile.detail(), SMALL, PENCIL, x, y + side + BAR + 34, side);
  }

  /** Writes as much of {@code text} as fits into {@code room} pixels. */
  private void text(String text, Font font, Color color, int x, int baseline, int room) {
    graphics.setFont(font);
    graphics.setColor(color);
    FontMetrics metrics = metrics();
    String shown = text;
    int end = text.length();
    while (end > 0 && metrics.stringWidth(shown) > room) {
      end = text.offsetByCodePoints(end, -1);
      shown = text.substring(0, end).stripTrailing() + "\u2026";
    }
    graphics.drawString(shown, x, baseline);
  }

  /** Java meets a system without fonts with errors of many kinds. */
  private FontMetrics metrics() {
    try {
      return graphics.getFontMetrics();
    } catch (RuntimeException | LinkageError | InternalError e) {
      throw new Failure.Unavailable(
          "this server has no fonts to write labels with",
          "Install fontconfig and a font such as DejaVu Sans, or ask with Accept: application/json.",
          e);
    }
  }
}
