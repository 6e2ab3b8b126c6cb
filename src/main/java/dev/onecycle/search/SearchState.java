package dev.onecycle.search;

/** Where a search is. */
public enum SearchState {
  RUNNING,
  SUCCEEDED,
  /** No trial came as far as the first rung. */
  FAILED,
  CANCELLED
}
