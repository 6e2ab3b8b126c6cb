-- A search and its trials, each of which is a run.
create table search (
  id         uuid         not null primary key,
  name       varchar(200) not null,
  dataset_id uuid         not null,
  priority   integer      not null,
  plan       json         not null,
  state      varchar(20)  not null,
  created_at timestamp(6) with time zone not null,
  ended_at   timestamp(6) with time zone
);

create table search_trial (
  search_id uuid    not null references search (id) on delete cascade,
  number    integer not null,
  run_id    uuid    not null,
  settings  json    not null,
  allowed   integer not null,
  scores    json    not null,
  over      boolean not null,
  primary key (search_id, number)
);
