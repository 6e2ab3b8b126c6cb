package dev.onecycle.checkpoint.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.onecycle.store.download.RemoteFile;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/** Weights on a public server, and what they mean. */
record RemoteWeights(@Valid @NotNull WeightsSource source, @NotNull ForeignManifest manifest) {

  /** The kinds of sources. */
  enum Type {
    /** A file on a public https server. */
    @JsonProperty("url")
    URL
  }

  /**
   * Where the weights are.
   *
   * @param url https
   * @param sha256 that the file must have, or null
   */
  record WeightsSource(@NotNull Type type, @NotNull String url, @Nullable String sha256) {

    /**
     * Returns the file.
     *
     * @throws dev.onecycle.platform.Failure.Invalid naming what is wrong
     */
    RemoteFile file() {
      RemoteFile file = new RemoteFile(url, sha256);
      file.requirePort();
      return file;
    }
  }
}
