package dev.onecycle.dataset.pixels;

import dev.onecycle.platform.Seed;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * The bundled dataset: 1,000 drawn pictures of ten shapes, 80 of each to train and 20 to validate.
 * Colour, place, size, rotation and clutter are drawn independently of the shape, so only the shape
 * tells the class. The same seed draws the same pictures on the same Java.
 *
 * @param seed where every picture's drawing starts from
 */
public record SampleDataset(Seed seed) {

  /** Width and height of each picture. */
  public static final int SIZE = 96;

  private static final int TRAIN_EACH = 80;
  private static final int VALID_EACH = 20;

  /** Receives the pictures one by one. */
  @FunctionalInterface
  public interface Receiver {
    /** Takes one PNG. */
    void picture(String path, byte[] png) throws IOException;
  }

  /** How many pictures {@link #draw} makes. */
  public static int size() {
    return SampleShape.values().length * (TRAIN_EACH + VALID_EACH);
  }

  /** The ten labels, sorted. */
  public static List<String> labels() {
    return Stream.of(SampleShape.values()).map(SampleShape::label).sorted().toList();
  }

  /** Draws all pictures as {@code train/heart/heart-017.png} and {@code valid/heart/...}. */
  public void draw(Receiver receiver) throws IOException {
    SampleShape[] shapes = SampleShape.values();
    for (int s = 0; s < shapes.length; s++) {
      SampleShape shape = shapes[s];
      for (int i = 0; i < TRAIN_EACH + VALID_EACH; i++) {
        String folder = i < TRAIN_EACH ? "train" : "valid";
        receiver.picture(
            String.format(
                Locale.ROOT, "%s/%s/%s-%03d.png", folder, shape.label(), shape.label(), i),
            png(shape, seed.child(s).child(i).generator()));
      }
    }
  }

  private static byte[] png(SampleShape shape, RandomGenerator random) throws IOException {
    BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = image.createGraphics();
    canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    canvas.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    boolean light = random.nextBoolean();
    canvas.setColor(colour(random, light ? 0.05 : 0.7));
    canvas.fillRect(0, 0, SIZE, SIZE);
    drawClutter(canvas, random, light ? 0.15 : 0.55);
    canvas.setColor(colour(random, light ? 0.7 : 0.05));
    canvas.fill(placed(shape.outline(), random));
    canvas.dispose();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    return png.toByteArray();
  }

  /** Thin lines and small dots, nearer to the background than to the shape. */
  private static void drawClutter(Graphics2D canvas, RandomGenerator random, double brightness) {
    for (int i = 0; i < 6; i++) {
      canvas.setColor(colour(random, brightness));
      double x = random.nextDouble() * SIZE;
      double y = random.nextDouble() * SIZE;
      if (random.nextBoolean()) {
        double radius = 2 + 4 * random.nextDouble();
        canvas.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
      } else {
        canvas.setStroke(new BasicStroke(1 + 2 * random.nextFloat()));
        double angle = random.nextDouble() * 2 * Math.PI;
        double length = SIZE * (0.2 + 0.4 * random.nextDouble());
        canvas.draw(
            new Line2D.Double(x, y, x + length * Math.cos(angle), y + length * Math.sin(angle)));
      }
    }
  }

  /** The outline of radius 1 at a random size, rotation and place, wholly inside the picture. */
  private static Shape placed(Shape outline, RandomGenerator random) {
    double radius = SIZE * (0.24 + 0.2 * random.nextDouble());
    double slack = SIZE - 2 * radius;
    AffineTransform placing =
        AffineTransform.getTranslateInstance(
            radius + slack * random.nextDouble(), radius + slack * random.nextDouble());
    placing.rotate(Math.toRadians(-30 + 60 * random.nextDouble()));
    placing.scale(radius, radius);
    return placing.createTransformedShape(outline);
  }

  /** A random hue whose luma (0 to 1) lies in the 0.25 above {@code darkest}. */
  private static Color colour(RandomGenerator random, double darkest) {
    double wanted = darkest + 0.25 * random.nextDouble();
    double[] rgb = {random.nextDouble(), random.nextDouble(), random.nextDouble()};
    double luma = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
    // Towards black or white until the luma is right: keeps the hue.
    double black = Math.min(1, wanted / luma);
    double white = wanted > luma ? (wanted - luma) / (1 - luma) : 0;
    float[] shade = new float[3];
    for (int i = 0; i < 3; i++) {
      shade[i] = (float) (rgb[i] * black * (1 - white) + white);
    }
    return new Color(shade[0], shade[1], shade[2]);
  }
}
