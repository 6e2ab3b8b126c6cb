/** The files that a dataset is imported from: archives, directories, buckets; knows no Spring. */
@NullMarked
package dev.onecycle.dataset.files;

import org.jspecify.annotations.NullMarked;
