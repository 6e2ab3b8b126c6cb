-- What a checkpoint needs to be served in whole numbers of 8 bits: found out after it is kept.
alter table checkpoint add column quantization json;
