package dev.onecycle.soak;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.onecycle.image.Picture;
import dev.onecycle.image.PictureEncoder;
import dev.onecycle.platform.Seed;
import dev.onecycle.testing.HostileRequests;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Those for whom a client is too polite, or too fast: they speak to the port itself. */
final class WireCallers {

  /** Bytes a second that a phone far from its mast sends and takes. */
  private static final int PHONE = 40_000;

  private static final int PIECES_PER_SECOND = 10;
  private static final String API = "/api/v1";

  /** Noise, which does not compress: some 400 KB, for ten seconds of the phone. */
  private static final byte[] PHOTOGRAPH = PictureEncoder.png(noise(365));

  private final int port;
  private final String model;
  private final UUID checkpoint;
  private final Consumer<String> complaints;

  /**
   * @param model below the API, served all the time
   * @param checkpoint whose weights are there all the time
   * @param complaints who is told what nobody should get
   */
  WireCallers(int port, String model, UUID checkpoint, Consumer<String> complaints) {
    this.port = port;
    this.model = model;
    this.checkpoint = checkpoint;
    this.complaints = complaints;
  }

  private static Picture noise(int side) {
    byte[] pixels = new byte[side * side * 3];
    new Seed(40).generator().nextBytes(pixels);
    return new Picture(side, side, pixels);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static void post(OutputStream out, String path, String type, int length)
      throws IOException {
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(path, type, length);
    out.write(head.getBytes(ISO_8859_1));
  }

  /** Sends what is nearly a request, and half the time says that no more will come. */
  void misuse(RandomGenerator random) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(HostileRequests.draw(random));
      if (random.nextBoolean()) {
        socket.shutdownOutput();
        String text = answer(socket, 10_000);
        if (text.matches("(?s)HTTP/1.1 5.*")) {
          complaints.accept(text);
        }
      }
    }
  }

  /** Begins the body of a prediction or of an archive, and goes before it ends. */
  void loiter(RandomGenerator random) throws IOException {
    boolean archive = random.nextBoolean();
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      post(
          out,
          archive ? API + "/datasets" : model + "/predictions",
          archive ? "multipart/form-data; boundary=b" : "image/png",
          10_000_000);
      if (archive) {
        String part = "--b\r\nContent-Disposition: form-data; name=archive; filename=a.zip\r\n\r\n";
        out.write(part.getBytes(ISO_8859_1));
      }
      out.write(new byte[random.nextInt(archive ? 1_000_000 : 5_000)]);
      socket.setSoTimeout(random.nextInt(1, 2_000));
      var unused = socket.getInputStream().read();
    }
  }

  /** Sends a picture as slowly as a phone does, and is answered nevertheless. */
  void sendFromPhone(RandomGenerator random) throws IOException, InterruptedException {
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      post(out, model + "/predictions", "image/png", PHOTOGRAPH.length);
      int piece = PHONE / PIECES_PER_SECOND;
      for (int sent = 0; sent < PHOTOGRAPH.length; sent += piece) {
        Thread.sleep(1_000 / PIECES_PER_SECOND); // that is the pace
        out.write(PHOTOGRAPH, sent, Math.min(piece, PHOTOGRAPH.length - sent));
      }
      String text = answer(socket, 10_000);
      if (!text.isEmpty() && !text.startsWith("HTTP/1.1 200") && !text.startsWith("HTTP/1.1 429")) {
        complaints.accept("phone: " + text);
      }
    }
  }

  /** Takes weights as slowly as a phone does, and goes somewhere in the middle. */
  void readOnPhone(RandomGenerator random) throws IOException, InterruptedException {
    try (Socket socket = connect()) {
      String head = "GET %s/checkpoints/%s/weights HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(head.formatted(API, checkpoint).getBytes(ISO_8859_1));
      InputStream in = socket.getInputStream();
      byte[] piece = new byte[PHONE / PIECES_PER_SECOND];
      for (int pieces = random.nextInt(100); pieces > 0 && in.read(piece) >= 0; pieces--) {
        Thread.sleep(1_000 / PIECES_PER_SECOND); // that is the pace
      }
    }
  }

  private static String answer(Socket socket, int most) throws IOException {
    return new String(socket.getInputStream().readNBytes(most), ISO_8859_1);
  }
}
