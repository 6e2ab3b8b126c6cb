-- Runs of a pool share slots; those of one pool never wait behind those of another.
alter table run add column pool varchar(20) default 'DEVICES' not null;

-- db-scheduler's table of the pool IMPORTS, as scheduled_tasks is that of the pool DEVICES.
create table scheduled_imports (
  task_name            varchar(100) not null,
  task_instance        varchar(100) not null,
  task_data            bytea,
  execution_time       timestamp(6) with time zone not null,
  picked               boolean      not null,
  picked_by            varchar(100),
  last_success         timestamp(6) with time zone,
  last_failure         timestamp(6) with time zone,
  consecutive_failures integer,
  last_heartbeat       timestamp(6) with time zone,
  version              bigint       not null,
  priority             smallint,
  primary key (task_name, task_instance)
);

create index scheduled_imports_due_idx on scheduled_imports (picked, priority desc, execution_time);
create index scheduled_imports_heartbeat_idx on scheduled_imports (last_heartbeat);

-- An uploaded archive in the store, until its import has ended.
alter table dataset add column upload json;

-- Imports had a queue of their own before. What was uploaded lies where only the process that took it can say.
update dataset set
  state = 'FAILED',
  failure_message = 'the service was upgraded while the uploaded archive waited to be imported',
  failure_fix = 'Upload it again.',
  updated_at = current_timestamp
where state = 'IMPORTING' and upload_file is not null;

-- Each gets a run of the same id, which goes on counting its attempts.
insert into run
  (id, kind, name, dataset_id, recipe, seed, priority, pool, state, attempt, losses, max_attempts, last_event, created_at)
select id, 'import', name, id, source, 0, 0, 'IMPORTS', 'QUEUED', attempt, 0, 3, 0, created_at
from dataset where state = 'IMPORTING';

insert into run_transition (run_id, position, state, at, reason, attempt)
select id, 0, 'QUEUED', current_timestamp, 'the service was upgraded', attempt
from dataset where state = 'IMPORTING';

insert into scheduled_imports (task_name, task_instance, execution_time, picked, version, priority)
select 'import', cast(id as varchar(100)), created_at, false, 1, 0
from dataset where state = 'IMPORTING';

alter table dataset drop column upload_file;
alter table dataset drop column attempt;
alter table dataset drop column heartbeat_at;
