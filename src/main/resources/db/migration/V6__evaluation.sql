alter table run add column tta_accuracy double precision;

-- What a run found out: its evaluation, or a sweep's curve, by the kind of run.
create table run_result (
  run_id   uuid not null primary key references run (id) on delete cascade,
  document json not null
);
