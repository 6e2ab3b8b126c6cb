package dev.onecycle.run.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.stereotype.Component;

/** The writer of an {@link EpochTable} for those who asked for text. */
@Component
class EpochTableText extends AbstractHttpMessageConverter<EpochTable> {

  static final String CSV = "text/csv";

  EpochTableText() {
    super(StandardCharsets.UTF_8, MediaType.TEXT_PLAIN, MediaType.parseMediaType(CSV));
  }

  @Override
  protected boolean supports(Class<?> type) {
    return type == EpochTable.class;
  }

  @Override
  protected EpochTable readInternal(Class<? extends EpochTable> type, HttpInputMessage input) {
    throw new HttpMessageNotReadableException("epochs are only written", input);
  }

  @Override
  protected void writeInternal(EpochTable table, HttpOutputMessage output) throws IOException {
    MediaType wanted = output.getHeaders().getContentType();
    boolean csv = wanted != null && wanted.getSubtype().equals("csv");
    output.getBody().write((csv ? table.csv() : table.text()).getBytes(StandardCharsets.UTF_8));
  }
}
