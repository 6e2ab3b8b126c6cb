package dev.onecycle.run.web;

import dev.onecycle.run.RunEvent;

/** A form of events on the wire, for one stream. */
interface EventFormat {

  /** Returns what the stream begins with. */
  byte[] beginning();

  /** Returns one event; nothing where the form has no room for it. */
  byte[] event(RunEvent event);

  /** Returns what shows that the stream lives while nothing happens. */
  byte[] keepAlive();
}
