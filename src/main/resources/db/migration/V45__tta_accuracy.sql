-- How accurate a checkpoint's weights are with test-time augmentation: found out after they are kept.
alter table checkpoint add column tta_accuracy double precision;
