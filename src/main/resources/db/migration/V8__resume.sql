-- What a run goes on from when a worker takes it up again, and what it went on from.
alter table run add column resume_point json;
alter table run add column resumed_from json;
