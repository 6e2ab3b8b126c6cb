-- What a check of labels found: the pictures whose labels are doubted, the most doubtful first.
-- Labels are positions in those of the check's result.
create table label_doubt (
  run_id             uuid not null references run (id) on delete cascade,
  place              integer not null,
  picture            integer not null,
  given              integer not null,
  likely             integer not null,
  given_probability  double precision not null,
  likely_probability double precision not null,
  reason             varchar(12) not null,
  primary key (run_id, place)
);
