-- A row is written last: where there is one, its weights lie in the store, whole.
create table checkpoint (
  id             uuid          not null primary key,
  run_id         uuid,
  manifest       json          not null,
  weights_key    varchar(1000) not null,
  weights_bytes  bigint        not null,
  weights_sha256 varchar(64)   not null,
  code_version   varchar(100)  not null,
  created_at     timestamp(6) with time zone not null
);

create index checkpoint_run_idx on checkpoint (run_id, id);
