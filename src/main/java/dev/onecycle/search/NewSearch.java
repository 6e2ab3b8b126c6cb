package dev.onecycle.search;

import java.util.Map;
import java.util.UUID;

/**
 * The request for a search.
 *
 * @param recipe of every trial but for what it draws: a preset's name or a recipe's tree; its
 *     budget is the search's
 * @param overrides values of that recipe by path
 * @param space what trials draw, by path
 * @param reduction of so many trials one goes on from a rung to the next
 */
public record NewSearch(
    String name,
    UUID dataset,
    Object recipe,
    Map<String, Object> overrides,
    Map<String, Range> space,
    int trials,
    int reduction,
    Metric metric,
    long seed,
    int priority) {}
