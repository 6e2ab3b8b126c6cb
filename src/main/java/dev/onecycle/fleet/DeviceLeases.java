package dev.onecycle.fleet;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The leases of GPUs: one worker at a time has each, as long as its heartbeat goes on. Each
 * statement is a transaction of its own, and of two workers that want the same GPU the database
 * lets one through.
 */
@Component
class DeviceLeases {

  private final JdbcClient jdbc;

  DeviceLeases(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Leases up to {@code wanted} of these devices for a worker, those first that it has already.
   *
   * @param devices what each is leased as, in the order of preference
   * @param dead whoever has not beaten since loses what it had
   * @return what the worker has now, in the order of {@code devices}
   */
  List<String> lease(UUID worker, List<String> devices, int wanted, Instant dead) {
    Set<String> held = new HashSet<>(held(worker));
    for (String device : devices) {
      if (held.size() < wanted && !held.contains(device) && take(worker, device, dead)) {
        held.add(device);
      }
    }
    return devices.stream().filter(held::contains).toList();
  }

  /** Returns the ones of those devices that others have, each as {@code device by worker}. */
  List<String> others(UUID worker, List<String> devices) {
    List<String> taken = new ArrayList<>();
    for (String device : devices) {
      jdbc.sql(
              "select w.name from device_lease l join worker w on w.id = l.worker_id"
                  + " where l.device = ? and l.worker_id <> ?")
          .params(device, worker)
          .query(String.class)
          .optional()
          .ifPresent(name -> taken.add(device + " by " + name));
    }
    return taken;
  }

  private List<String> held(UUID worker) {
    return jdbc.sql("select device from device_lease where worker_id = ?")
        .param(worker)
        .query(String.class)
        .list();
  }

  private boolean take(UUID worker, String device, Instant dead) {
    int inherited =
        jdbc.sql(
                "update device_lease set worker_id = ? where device = ?"
                    + " and worker_id in (select id from worker where last_heartbeat < ?)")
            .params(worker, device, dead.atOffset(ZoneOffset.UTC))
            .update();
    return inherited == 1 || insert(worker, device);
  }

  private boolean insert(UUID worker, String device) {
    try {
      jdbc.sql("insert into device_lease (device, worker_id) values (?, ?)")
          .params(device, worker)
          .update();
      return true;
    } catch (DuplicateKeyException e) {
      return false;
    }
  }
}
