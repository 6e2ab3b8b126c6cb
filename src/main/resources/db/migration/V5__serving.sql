-- A model keeps its checkpoint alive; its history does not.
create table model (
  id            uuid        not null primary key,
  name          varchar(64) not null unique,
  checkpoint_id uuid        not null references checkpoint (id),
  updated_at    timestamp(6) with time zone not null,
  version       bigint      not null
);

create index model_checkpoint_idx on model (checkpoint_id);

create table model_history (
  model_id      uuid    not null references model (id) on delete cascade,
  position      integer not null,
  checkpoint_id uuid    not null,
  since         timestamp(6) with time zone not null,
  primary key (model_id, position)
);
