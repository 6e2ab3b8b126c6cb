package dev.onecycle.checkpoint.format;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The contents of a safetensors file.
 *
 * @param metadata the file's free texts by key
 * @param arrays by name, in the order of their bytes
 */
public record Safetensors(Map<String, String> metadata, Map<String, NamedArray> arrays) {

  public Safetensors {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
  }
}
