package dev.onecycle.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A wire to a TCP server of this machine that can be cut, silenced and mended. */
public final class Wire implements AutoCloseable {

  private final ServerSocket near;
  private final int far;
  private final Set<Socket> ends = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;
  private boolean silent;

  /** A wire to that port, whole. */
  public Wire(int far) throws IOException {
    this.far = far;
    this.near = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    thread(this::accept);
  }

  /** The port to connect to. */
  public int port() {
    return near.getLocalPort();
  }

  /** Breaks every connection, and each new one at once. */
  public synchronized void cut() {
    cut = true;
    ends.forEach(Wire::close);
    notifyAll();
  }

  /** Keeps back what is sent, and tells neither end. */
  public synchronized void silence() {
    silent = true;
  }

  /** Lets everything through again, also what was kept back if the wire was not cut since. */
  public synchronized void mend() {
    cut = false;
    silent = false;
    notifyAll();
  }

  private void accept() {
    while (!near.isClosed()) {
      try {
        Socket caller = near.accept();
        ends.add(caller);
        if (cut) {
          close(caller);
        } else {
          connect(caller);
        }
      } catch (IOException e) {
        cut |= near.isClosed();
      }
    }
  }

  private void connect(Socket caller) throws IOException {
    Socket server = new Socket(InetAddress.getLoopbackAddress(), far);
    ends.add(server);
    thread(() -> pump(caller, server));
    thread(() -> pump(server, caller));
  }

  private void pump(Socket from, Socket to) {
    try (InputStream in = from.getInputStream()) {
      byte[] buffer = new byte[8_192];
      for (int read; !cut && (read = in.read(buffer)) >= 0; ) {
        awaitSound();
        to.getOutputStream().write(buffer, 0, read);
      }
    } catch (IOException | InterruptedException e) {
      // The other end is told below.
    } finally {
      close(from);
      close(to);
      ends.remove(from);
      ends.remove(to);
    }
  }

  private synchronized void awaitSound() throws InterruptedException {
    while (silent && !cut) {
      wait();
    }
  }

  private static void thread(Runnable body) {
    Thread thread = new Thread(body, "wire");
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }

  @Override
  public void close() throws IOException {
    near.close();
    cut();
  }
}
