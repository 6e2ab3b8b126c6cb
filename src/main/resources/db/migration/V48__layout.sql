-- How the files of a dataset are to be understood, and how they were. Datasets imported before say
-- neither, and keep the labels and parts that their packs have.
alter table dataset add column label_rule json;
alter table dataset add column name_encoding varchar(40);
alter table dataset add column layout json;

-- A table of labels that was sent beside an archive, until its import has ended.
alter table dataset add column label_table json;

-- The index that counts instead of the pack's own, once the dataset was read in another way.
alter table dataset add column pack_index json;
