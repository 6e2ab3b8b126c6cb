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
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.domain.Specification;

/** The choice of runs to list; what is null does not matter. */
record RunFilter(
    @Nullable RunState state, @Nullable String kind, @Nullable UUID dataset, @Nullable String tag) {

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
    if (state != null) {
      orders.add(0, order.by(run.get("state"), criteria));
    }
    return orders;
  }

  private List<Predicate> predicates(Root<Run> run, CriteriaBuilder criteria) {
    List<Predicate> all = new ArrayList<>();
    if (state != null) {
      all.add(criteria.equal(run.get("state"), state));
    }
    if (kind != null) {
      all.add(criteria.equal(run.get("spec").get("kind"), kind));
    }
    if (dataset != null) {
      all.add(criteria.equal(run.get("spec").get("dataset"), dataset));
    }
    if (tag != null) {
      all.add(criteria.isMember(tag, run.get("tags")));
    }
    return all;
  }
}
