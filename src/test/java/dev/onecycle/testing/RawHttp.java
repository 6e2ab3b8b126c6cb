package dev.onecycle.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Requests written byte by byte: what no well-behaved client would send. */
public final class RawHttp {

  private RawHttp() {}

  /** Everything that the server said. */
  public record Answer(String text) {

    public int status() {
      return Integer.parseInt(text.split(" ", 3)[1]);
    }
  }

  /**
   * Sends a request without a body and reads until the server closes.
   *
   * @param from an address of this machine, such as 127.0.0.2, to come from
   * @param line the request line
   * @param headers further header lines, each ended by CR LF
   */
  public static Answer send(int port, String from, String line, String headers) throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    try (Socket socket = new Socket(here, port, InetAddress.getByName(from), 0)) {
      socket.setSoTimeout(10_000);
      String head = line + "\r\nHost: localhost\r\nConnection: close\r\n" + headers + "\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      byte[] answer = socket.getInputStream().readAllBytes();
      return new Answer(new String(answer, StandardCharsets.ISO_8859_1));
    }
  }
}
