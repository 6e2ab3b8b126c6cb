-- What a checkpoint's logits are divided by to be calibrated, and the evaluation that fitted it.
alter table checkpoint add column temperature double precision;
alter table checkpoint add column temperature_pictures integer;
alter table checkpoint add column temperature_run_id uuid;
