package dev.onecycle.work.web;

import java.io.IOException;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.stereotype.Component;

/** The drawing of a {@link BatchView} for those who asked for a picture. */
@Component
class BatchSheet extends AbstractHttpMessageConverter<BatchView> {

  BatchSheet() {
    super(MediaType.IMAGE_PNG);
  }

  @Override
  protected boolean supports(Class<?> type) {
    return type == BatchView.class;
  }

  @Override
  protected BatchView readInternal(Class<? extends BatchView> type, HttpInputMessage input) {
    throw new HttpMessageNotReadableException("batches are only drawn", input);
  }

  @Override
  protected void writeInternal(BatchView batch, HttpOutputMessage output) throws IOException {
    output.getBody().write(batch.png());
  }
}
