-- last_event counts the run's events: whoever numbers one holds this row's lock.
create table run (
  id            uuid         not null primary key,
  kind          varchar(40)  not null,
  name          varchar(200) not null,
  dataset_id    uuid         not null references dataset (id),
  recipe        json         not null,
  seed          bigint       not null,
  priority      integer      not null,
  state         varchar(20)  not null,
  attempt       integer      not null,
  losses        integer      not null,
  max_attempts  integer      not null,
  worker        varchar(100),
  device        varchar(100),
  progress      json,
  best_epoch    json,
  last_epoch    json,
  failure       json,
  checkpoint_id uuid references checkpoint (id) on delete set null,
  last_event    bigint       not null,
  created_at    timestamp(6) with time zone not null,
  started_at    timestamp(6) with time zone,
  ended_at      timestamp(6) with time zone
);

alter table checkpoint add constraint checkpoint_run_fk foreign key (run_id) references run (id);

create index run_state_idx on run (state, priority, created_at);
create index run_dataset_idx on run (dataset_id);

create table run_tag (
  run_id uuid        not null references run (id) on delete cascade,
  tag    varchar(80) not null,
  primary key (run_id, tag)
);

create index run_tag_idx on run_tag (tag);

create table run_transition (
  run_id   uuid        not null references run (id) on delete cascade,
  position integer     not null,
  state    varchar(20) not null,
  at       timestamp(6) with time zone not null,
  reason   varchar(2000),
  worker   varchar(100),
  attempt  integer     not null,
  primary key (run_id, position)
);

-- The epochs of the attempt that counts; those of a lost attempt live on as events only.
create table run_epoch (
  id                uuid             not null primary key,
  run_id            uuid             not null references run (id) on delete cascade,
  phase             integer          not null,
  epoch             integer          not null,
  train_loss        double precision not null,
  valid_loss        double precision not null,
  accuracy          double precision not null,
  learning_rate     double precision not null,
  seconds           double precision not null,
  images_per_second double precision not null,
  leaky             boolean          not null,
  unique (run_id, phase, epoch)
);

create table run_event (
  run_id uuid        not null references run (id) on delete cascade,
  seq    bigint      not null,
  type   varchar(20) not null,
  at     timestamp(6) with time zone not null,
  data   json        not null,
  primary key (run_id, seq)
);

-- db-scheduler's table: one row per run that is queued or held by a worker.
create table scheduled_tasks (
  task_name            varchar(100) not null,
  task_instance        varchar(100) not null,
  task_data            bytea,
  execution_time       timestamp(6) with time zone not null,
  picked               boolean      not null,
  picked_by            varchar(50),
  last_success         timestamp(6) with time zone,
  last_failure         timestamp(6) with time zone,
  consecutive_failures integer,
  last_heartbeat       timestamp(6) with time zone,
  version              bigint       not null,
  priority             smallint,
  primary key (task_name, task_instance)
);

create index scheduled_tasks_due_idx on scheduled_tasks (picked, priority desc, execution_time);
create index scheduled_tasks_heartbeat_idx on scheduled_tasks (last_heartbeat);
