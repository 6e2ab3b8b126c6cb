package dev.onecycle.platform.http;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Readers of JSON that are as strict as those of other bodies, for documents that may be larger.
 */
public final class StrictJson {

  private StrictJson() {}

  /**
   * Makes a reader.
   *
   * @param mostBytes of a document, and of a text in it
   */
  public static JsonMapper mapper(int mostBytes) {
    return JsonMapper.builder(
            JsonFactory.builder()
                .streamReadConstraints(
                    StreamReadConstraints.builder()
                        .maxDocumentLength(mostBytes)
                        .maxStringLength(mostBytes)
                        .maxNestingDepth(64)
                        .maxNumberLength(64)
                        .maxNameLength(256)
                        .build())
                .build())
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .addModule(SoundText.module())
        .build();
  }
}
