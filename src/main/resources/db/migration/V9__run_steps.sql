-- The steps of the attempt that counts, rolled up: at most a thousand rows a run, however long it is.
create table run_step (
  run_id        uuid             not null references run (id) on delete cascade,
  first_step    bigint           not null,
  last_step     bigint           not null,
  loss          double precision not null,
  min_loss      double precision not null,
  max_loss      double precision not null,
  train_loss    double precision not null,
  learning_rate double precision not null,
  momentum      double precision not null,
  primary key (run_id, first_step)
);

-- Of best_epoch, for sorting.
alter table run add column best_accuracy double precision;
update run set best_accuracy = (select max(e.accuracy) from run_epoch e where e.run_id = run.id);

-- What a run's time depends on; null where nobody can say. As text, so that equal ones can be grouped.
alter table run add column workload varchar(4000);

create index run_state_id_idx on run (state, id);
