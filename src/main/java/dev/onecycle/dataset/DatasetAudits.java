package dev.onecycle.dataset;

import java.util.Optional;
import java.util.UUID;
import org.springframework.data.repository.Repository;

/** The audits of all datasets that are READY. */
interface DatasetAudits extends Repository<DatasetAudit, UUID> {

  DatasetAudit save(DatasetAudit audit);

  Optional<DatasetAudit> findById(UUID dataset);
}
