package dev.onecycle.run.web;

/** The forms of events on the wire. */
enum EventFormat {

  /** Server-sent events: the browser's EventSource comes back with the last {@code id}. */
  SSE {
    @Override
    String event(long id, String type, String json) {
      return "id: " + id + "\nevent: " + type + "\ndata: " + json + "\n\n";
    }

    @Override
    String keepAlive() {
      return ": alive\n\n";
    }
  },

  /** One JSON object a line; an empty line shows that the stream lives. */
  LINES {
    @Override
    String event(long id, String type, String json) {
      return json + "\n";
    }

    @Override
    String keepAlive() {
      return "\n";
    }
  };

  /** Returns one event; {@code json} has no line breaks. */
  abstract String event(long id, String type, String json);

  abstract String keepAlive();
}
