package dev.onecycle.serving;

import dev.onecycle.image.Picture;
import dev.onecycle.image.PictureDecoder;
import dev.onecycle.image.PictureEncoder;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Decodes one picture at start: the first one loads the decoder's library, which takes seconds. */
@Component
class WarmUp {

  @EventListener(ApplicationReadyEvent.class)
  void start() {
    Thread thread = new Thread(WarmUp::decodeOne, "warm-up");
    thread.setDaemon(true);
    thread.start();
  }

  private static void decodeOne() {
    PictureDecoder.decode(PictureEncoder.jpeg(new Picture(8, 8, new byte[8 * 8 * 3])));
  }
}
