-- A run may start from a checkpoint, which then stays as long as the run does.
alter table run add column from_checkpoint_id uuid;
alter table run add constraint run_from_fk foreign key (from_checkpoint_id) references checkpoint (id);
create index run_from_idx on run (from_checkpoint_id);

-- What was doubtful about a run when it was submitted.
alter table run add column warnings json;

-- Half of the pictures are at most this on their shorter side.
alter table dataset add column median_side integer;
