package dev.onecycle.checkpoint;

import dev.onecycle.platform.Failure;
import dev.onecycle.store.Blob;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/**
 * The row of weights that are kept, and of what they mean. Nothing of it changes but what is found
 * out later: its temperature, its accuracy with test-time augmentation and its quantization. Its
 * row is written after its weights are safely stored.
 */
@Entity
@DynamicUpdate
public class Checkpoint {

  @Id private UUID id;
  private @Nullable UUID runId;

  @JdbcTypeCode(SqlTypes.JSON)
  @Immutable
  private Manifest manifest;

  private String weightsKey;
  private long weightsBytes;
  private String weightsSha256;
  private String codeVersion;
  private Instant createdAt;

  @Embedded
  @AttributeOverride(name = "value", column = @Column(name = "temperature"))
  @AttributeOverride(name = "pictures", column = @Column(name = "temperature_pictures"))
  @AttributeOverride(name = "run", column = @Column(name = "temperature_run_id"))
  private @Nullable Temperature temperature;

  private @Nullable Double ttaAccuracy;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable Quantization quantization;

  /** Makes an empty one for Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected Checkpoint() {}

  Checkpoint(UUID id, Manifest manifest, Blob weights, String codeVersion, Instant createdAt) {
    this.id = id;
    this.runId = manifest.origin() == null ? null : manifest.origin().run();
    this.manifest = manifest;
    this.weightsKey = weights.key();
    this.weightsBytes = weights.size();
    this.weightsSha256 = weights.sha256();
    this.codeVersion = codeVersion;
    this.createdAt = createdAt;
  }

  public UUID id() {
    return id;
  }

  /** Returns the run that made it, or null for weights from elsewhere. */
  public @Nullable UUID runId() {
    return runId;
  }

  /**
   * What the weights mean.
   *
   * @throws Failure.Unavailable unless it is {@link #readable}
   */
  public Manifest manifest() {
    if (manifest == null) {
      throw new Failure.Unavailable(
          "the manifest of checkpoint " + id + " cannot be read", fix(), null);
    }
    return manifest;
  }

  /**
   * Returns how good the weights are on the validation split, with test-time augmentation where
   * that was evaluated; null for weights from elsewhere.
   */
  public @Nullable Metrics metrics() {
    Metrics kept = manifest.metrics();
    return ttaAccuracy == null ? kept : Metrics.withTta(kept, ttaAccuracy);
  }

  /**
   * Returns whether its row says what its weights mean; of one that does not only its id is of use.
   */
  public boolean readable() {
    return manifest != null;
  }

  /** Returns what to do about one that is not readable. */
  public String fix() {
    return "Delete it: DELETE /api/v1/checkpoints/" + id;
  }

  /** Returns the safetensors file in the store. */
  public Blob weights() {
    return new Blob(weightsKey, weightsBytes, weightsSha256);
  }

  /** Returns the version of the service that wrote it. */
  public String codeVersion() {
    return codeVersion;
  }

  public Instant createdAt() {
    return createdAt;
  }

  /** Returns what calibrates it, by its latest evaluation; null before one. */
  public @Nullable Temperature temperature() {
    return temperature;
  }

  /** Sets what calibrates it from now on. Called in a transaction, which writes it. */
  public void temperature(Temperature fitted) {
    temperature = fitted;
  }

  /**
   * Records how accurate it is with test-time augmentation. Called in a transaction, which writes
   * it.
   *
   * @param accuracy share of the validation pictures predicted rightly, 0 to 1
   */
  public void ttaAccuracy(double accuracy) {
    ttaAccuracy = accuracy;
  }

  /** Returns what it takes to predict in 8 bits; null where that was not found out. */
  public @Nullable Quantization quantization() {
    return quantization;
  }

  /** Records what it takes to predict in 8 bits. Called in a transaction, which writes it. */
  public void quantization(Quantization found) {
    quantization = found;
  }
}
