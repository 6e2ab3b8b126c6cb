package dev.onecycle.store.download;

import dev.onecycle.store.DiskSpace;
import java.time.Clock;
import javax.net.ssl.SSLContext;

/** Downloads from any address, for tests with a server on this machine. */
public final class Trusting {

  private Trusting() {}

  /** Returns a download that trusts whom {@code tls} trusts. */
  public static Download download(SSLContext tls, DiskSpace space, Download.Limits limits) {
    return new Download(
        new Connections(tls::getSocketFactory, address -> true), space, limits, Clock.systemUTC());
  }
}
