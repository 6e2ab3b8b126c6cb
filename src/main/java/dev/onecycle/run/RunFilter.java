package dev.onecycle.run;

import jakarta.persistence.criteria.CriteriaBuilder;
import jakarta.persistence.criteria.Predicate;
import jakarta.persistence.criteria.Root;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.data.jpa.domain.Specification;

/** Which runs to list; what is null does not matter. */
public record RunFilter(RunState state, UUID dataset, String tag) {

  /** The runs of this filter that are older than {@code before}. */
  public Specification<Run> before(UUID before) {
    return (run, query, criteria) ->
        criteria.and(predicates(run, criteria, before).toArray(Predicate[]::new));
  }

  private List<Predicate> predicates(Root<Run> run, CriteriaBuilder criteria, UUID before) {
    List<Predicate> all = new ArrayList<>();
    all.add(criteria.lessThan(run.<UUID>get("id"), before));
    if (state != null) {
      all.add(criteria.equal(run.get("state"), state));
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
