-- An epoch that its recipe does not validate has neither.
alter table run_epoch alter column valid_loss drop not null;
alter table run_epoch alter column accuracy drop not null;
