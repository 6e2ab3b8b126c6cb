package dev.onecycle.run.web;

import dev.onecycle.run.Orphans;
import java.util.List;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Files in the store that belong to nothing. */
@RestController
@RequestMapping("/api/v1/storage/orphans")
class OrphanController {

  private final Orphans orphans;

  OrphanController(Orphans orphans) {
    this.orphans = orphans;
  }

  /**
   * Orphaned files.
   *
   * @param items the first {@value #MOST_ITEMS} of them
   */
  record OrphanList(int files, long bytes, List<Orphans.Orphan> items) {

    static final int MOST_ITEMS = 500;

    static OrphanList of(List<Orphans.Orphan> all) {
      return new OrphanList(
          all.size(),
          all.stream().mapToLong(Orphans.Orphan::bytes).sum(),
          all.stream().limit(MOST_ITEMS).toList());
    }
  }

  /** Files older than an hour that no run, checkpoint or dataset knows. */
  @GetMapping
  OrphanList find() {
    return OrphanList.of(orphans.find());
  }

  /**
   * Deletes them and answers what is gone.
   *
   * @param dryRun to be told the same and delete nothing
   */
  @DeleteMapping
  OrphanList sweep(@RequestParam(defaultValue = "false") boolean dryRun) {
    return OrphanList.of(dryRun ? orphans.find() : orphans.sweep());
  }
}
