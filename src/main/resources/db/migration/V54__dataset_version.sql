-- Versions of a dataset's labels are datasets that share the pack of the first one.
alter table dataset add column first_id uuid;
alter table dataset add column version integer default 1 not null;
alter table dataset add column base_id uuid;
alter table dataset add column reason varchar(1000);
create unique index dataset_version_idx on dataset (first_id, version);

-- What people said about labels, by the version that came of it.
create table label_edit (
  dataset_id   uuid         not null references dataset (id) on delete cascade,
  picture      integer      not null,
  action       varchar(10)  not null,
  label_before varchar(200),
  label_after  varchar(200),
  primary key (dataset_id, picture)
);
