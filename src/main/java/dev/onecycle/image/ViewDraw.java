package dev.onecycle.image;

/**
 * The numbers drawn for one view of one picture. Everything that is random about a view is here, so
 * a view is a plain function of its picture, these numbers and the batch's crop.
 *
 * @param x where the presize square stands along a longer row, 0 to 1
 * @param y the same along a longer column
 * @param flip whether left and right are swapped
 * @param degrees rotation, counter-clockwise, about the centre
 * @param zoom magnification, 1 is none
 * @param zoomX the point that stays in place when zooming, 0 (left) to 1
 * @param zoomY the same, 0 (top) to 1
 * @param warpX tilt about the vertical axis, 0 is none; warpX^2 + warpY^2 &lt; 1
 * @param warpY tilt about the horizontal axis
 * @param brightness 0 (black) to 1 (white), both excluded; 0.5 changes nothing
 * @param contrast above 0; 1 changes nothing
 */
public record ViewDraw(
    double x,
    double y,
    boolean flip,
    double degrees,
    double zoom,
    double zoomX,
    double zoomY,
    double warpX,
    double warpY,
    double brightness,
    double contrast) {

  /** The middle of the picture as it is: what validation and plain prediction see. */
  public static final ViewDraw PLAIN = new ViewDraw(.5, .5, false, 0, 1, .5, .5, 0, 0, .5, 1);

  /** The plain view mirrored. */
  public static final ViewDraw FLIPPED = new ViewDraw(.5, .5, true, 0, 1, .5, .5, 0, 0, .5, 1);

  /** The same, mirrored or not. */
  public ViewDraw flipped(boolean flipped) {
    return new ViewDraw(
        x, y, flipped, degrees, zoom, zoomX, zoomY, warpX, warpY, brightness, contrast);
  }

  /** Whether pixels stay where they are. */
  boolean isStill() {
    return !flip && degrees == 0 && zoom == 1 && warpX == 0 && warpY == 0;
  }

  /** Whether pixels are mirrored and moved in no other way. */
  boolean isMirror() {
    return flip && degrees == 0 && zoom == 1 && warpX == 0 && warpY == 0;
  }

  /** Whether pixels keep their levels. */
  boolean isUnlit() {
    return brightness == .5 && contrast == 1;
  }
}
