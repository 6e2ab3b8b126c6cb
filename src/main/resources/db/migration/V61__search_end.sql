-- When a search has to end that was given a time.
alter table search add column ends_at timestamp(6) with time zone;
