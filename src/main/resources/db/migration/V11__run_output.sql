-- A run that predicts a directory has no dataset.
alter table run alter column dataset_id drop not null;

-- What runs write out, in numbered parts; a row is written last, when its file lies in the store.
create table run_output (
  run_id      uuid          not null references run (id) on delete cascade,
  part        integer       not null,
  items       integer       not null,
  problems    integer       not null,
  last_item   varchar(1000) not null,
  file_key    varchar(1000) not null,
  file_bytes  bigint        not null,
  file_sha256 varchar(64)   not null,
  primary key (run_id, part)
);
