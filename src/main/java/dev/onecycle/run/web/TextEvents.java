package dev.onecycle.run.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.onecycle.run.RunEvent;
import tools.jackson.databind.json.JsonMapper;

/**
 * Events as text: server-sent ones, which a browser's EventSource follows and comes back to with
 * the last {@code id}; or one JSON object a line, where an empty line shows that the stream lives.
 */
record TextEvents(boolean lines, JsonMapper mapper) implements EventFormat {

  @Override
  public byte[] beginning() {
    return new byte[0];
  }

  @Override
  public byte[] event(RunEvent event) {
    String json = mapper.writeValueAsString(EventView.of(event)); // without line breaks
    String text =
        lines
            ? json + "\n"
            : "id: " + event.seq() + "\nevent: " + event.type() + "\ndata: " + json + "\n\n";
    return text.getBytes(UTF_8);
  }

  @Override
  public byte[] keepAlive() {
    return (lines ? "\n" : ": alive\n\n").getBytes(UTF_8);
  }
}
