package dev.onecycle.dataset.pixels;

import java.awt.Shape;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/** The classes of the bundled dataset. */
enum SampleShape {
  ARROW {
    @Override
    Shape outline() {
      return polygon(0, -1, .75, -.1, .28, -.1, .28, .95, -.28, .95, -.28, -.1, -.75, -.1);
    }
  },
  BARS {
    @Override
    Shape outline() {
      Area bars = new Area();
      for (double top = -.7; top < .6; top += .55) {
        bars.add(new Area(new Rectangle2D.Double(-.75, top, 1.5, .28)));
      }
      return bars;
    }
  },
  CIRCLE {
    @Override
    Shape outline() {
      return disc(0, 0, .9);
    }
  },
  CRESCENT {
    @Override
    Shape outline() {
      Area moon = new Area(disc(0, 0, .95));
      moon.subtract(new Area(disc(.45, 0, .8)));
      return moon;
    }
  },
  CROSS {
    @Override
    Shape outline() {
      Area cross = new Area(new Rectangle2D.Double(-.25, -.95, .5, 1.9));
      cross.add(new Area(new Rectangle2D.Double(-.95, -.25, 1.9, .5)));
      return cross;
    }
  },
  HEART {
    @Override
    Shape outline() {
      Path2D heart = new Path2D.Double();
      heart.moveTo(0, .9);
      heart.curveTo(-1.5, -.1, -.85, -1.25, 0, -.4);
      heart.curveTo(.85, -1.25, 1.5, -.1, 0, .9);
      return heart;
    }
  },
  RING {
    @Override
    Shape outline() {
      Area ring = new Area(disc(0, 0, .95));
      ring.subtract(new Area(disc(0, 0, .55)));
      return ring;
    }
  },
  SQUARE {
    @Override
    Shape outline() {
      return new Rectangle2D.Double(-.7, -.7, 1.4, 1.4);
    }
  },
  STAR {
    @Override
    Shape outline() {
      return polygon(
          IntStream.range(0, 10)
              .mapToObj(i -> point(i % 2 == 0 ? 1 : .4, Math.PI * i / 5))
              .flatMapToDouble(Arrays::stream)
              .toArray());
    }
  },
  TRIANGLE {
    @Override
    Shape outline() {
      return polygon(0, -1, .87, .5, -.87, .5);
    }
  };

  /** The shape around (0, 0), within 1.05 of it, y downwards. */
  abstract Shape outline();

  /** Its name in lower case. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static Shape disc(double x, double y, double radius) {
    return new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
  }

  private static double[] point(double radius, double angle) {
    return new double[] {radius * Math.sin(angle), -radius * Math.cos(angle)};
  }

  private static Shape polygon(double... xy) {
    Path2D path = new Path2D.Double();
    path.moveTo(xy[0], xy[1]);
    for (int i = 2; i < xy.length; i += 2) {
      path.lineTo(xy[i], xy[i + 1]);
    }
    path.closePath();
    return path;
  }
}
