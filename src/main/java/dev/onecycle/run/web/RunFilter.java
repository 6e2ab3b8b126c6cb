package dev.onecycle.run.web;

import dev.onecycle.platform.http.KeyCursor;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunState;
import jakarta.persistence.criteria.CriteriaBuilder;
import jakarta.persistence.criteria.Order;
import jakarta.persistence.criteria.Predicate;
import jakarta.persistence.criteria.Root;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.domain.Specification;

/** The choice of runs to list; what is null does not matter. */
record RunFilter(
    Set<RunState> state,
    Set<String> kind,
    @Nullable UUID dataset,
    @Nullable String tag,
    @Nullable String q) {

  RunFilter(
      @Nullable Set<RunState> state,
      @Nullable Set<String> kind,
      @Nullable UUID dataset,
      @Nullable String tag,
      @Nullable String q) {
    this.state = state == null ? Set.of() : state;
    this.kind = kind == null ? Set.of() : kind;
    this.dataset = dataset;
    this.tag = tag;
    this.q = q;
  }

  /** Returns the runs of this filter, in no order. */
  Specification<Run> unordered() {
    return (run, query, criteria) ->
        criteria.and(predicates(run, criteria).toArray(Predicate[]::new));
  }

  /**
   * Returns the runs of this filter in an order.
   *
   * @param after the last one that is known already, or null
   */
  Specification<Run> in(RunOrder order, KeyCursor.@Nullable Entry after) {
    return (run, query, criteria) -> {
      query.orderBy(orders(order, run, criteria));
      List<Predicate> all = predicates(run, criteria);
      if (after != null) {
        all.add(order.behind(after, run, criteria));
      }
      return criteria.and(all.toArray(Predicate[]::new));
    };
  }

  /**
   * Returns the database's order. H2 reads an index in order only if all of its columns are in the
   * order, constant or not.
   */
  private List<Order> orders(RunOrder order, Root<Run> run, CriteriaBuilder criteria) {
    List<Order> orders = new ArrayList<>(order.orders(run, criteria));
    if (state.size() == 1) {
      orders.add(0, order.by(run.get("state"), criteria));
    }
    return orders;
  }

  private List<Predicate> predicates(Root<Run> run, CriteriaBuilder criteria) {
    List<Predicate> all = new ArrayList<>();
    if (state.size() == 1) {
      all.add(criteria.equal(run.get("state"), state.iterator().next()));
    } else if (!state.isEmpty()) {
      all.add(run.get("state").in(state));
    }
    if (!kind.isEmpty()) {
      all.add(run.get("spec").get("kind").in(kind));
    }
    if (dataset != null) {
      all.add(criteria.equal(run.get("spec").get("dataset"), dataset));
    }
    if (tag != null) {
      all.add(criteria.isMember(tag, run.get("tags")));
    }
    if (q != null && !q.isBlank()) {
      String part = "%" + q.toLowerCase(Locale.ROOT).replaceAll("([%_\\\\])", "\\\\$1") + "%";
      all.add(criteria.like(criteria.lower(run.get("spec").get("name")), part, '\\'));
    }
    return all;
  }
}
