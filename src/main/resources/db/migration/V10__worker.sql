-- The processes that work on runs. Who has not beaten for a while is lost, and later forgotten.
create table worker (
  id             uuid         not null primary key,
  name           varchar(100) not null,
  host           varchar(100) not null,
  process        bigint       not null,
  devices        json         not null,
  slots          integer      not null,
  notice         varchar(1000),
  draining       boolean      not null,
  started_at     timestamp(6) with time zone not null,
  last_heartbeat timestamp(6) with time zone not null
);

-- A GPU belongs to one worker at a time, whose row must live.
create table device_lease (
  device    varchar(200) not null primary key,
  worker_id uuid         not null references worker (id) on delete cascade
);

create index device_lease_worker_idx on device_lease (worker_id);

-- Host names are longer than db-scheduler's own column expects.
alter table scheduled_tasks alter column picked_by set data type varchar(100);
