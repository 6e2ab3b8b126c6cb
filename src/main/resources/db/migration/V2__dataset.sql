-- A dataset and its import. attempt counts the imports that were begun; the importer that holds the
-- latest one keeps heartbeat_at fresh, and writes only while the attempt is still its own.
create table dataset (
  id              uuid          not null primary key,
  name            varchar(200)  not null,
  state           varchar(16)   not null,
  source          json          not null,
  upload_file     varchar(64),
  split           json          not null,
  attempt         integer       not null,
  heartbeat_at    timestamp(6) with time zone,
  progress        json          not null,
  pictures        integer,
  labels          json,
  statistics      json,
  archive         json,
  failure_message varchar(2000),
  failure_fix     varchar(1000),
  created_at      timestamp(6) with time zone not null,
  updated_at      timestamp(6) with time zone not null
);
create index dataset_state on dataset (state);

create table dataset_audit (
  dataset_id uuid not null primary key references dataset (id) on delete cascade,
  document   json not null
);
