package dev.onecycle;

/** What is written can be read, on the other database. */
@OnPostgres
class StoredRowsOnPostgresIT extends StoredRowsIT {}
