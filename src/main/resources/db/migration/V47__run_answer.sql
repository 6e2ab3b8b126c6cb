-- What the weights that a run evaluated say of each picture; labels are positions in theirs.
create table run_answer (
  run_id      uuid not null references run (id) on delete cascade,
  image       integer not null,
  actual      integer not null,
  predicted   integer not null,
  loss        double precision not null,
  probability double precision not null,
  primary key (run_id, image)
);

create index run_answer_by_cell on run_answer (run_id, actual, predicted, loss);
