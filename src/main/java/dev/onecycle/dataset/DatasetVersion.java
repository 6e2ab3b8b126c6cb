package dev.onecycle.dataset;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which version of the labels of some pictures a dataset is. Versions are datasets of their own
 * that share one pack; none is ever changed into another.
 *
 * @param first the dataset that the pictures were imported as; null in that one
 * @param number from 1, unique among the versions
 * @param base the version that it was made of; null in the first
 * @param reason why it was made; null in the first
 */
@Embeddable
public record DatasetVersion(
    @Column(name = "first_id") @Nullable UUID first,
    @Column(name = "version") int number,
    @Column(name = "base_id") @Nullable UUID base,
    @Column(name = "reason") @Nullable String reason) {

  static final DatasetVersion IMPORTED = new DatasetVersion(null, 1, null, null);
}
