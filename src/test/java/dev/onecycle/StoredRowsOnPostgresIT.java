package dev.onecycle;

import dev.onecycle.testing.OnPostgres;

/** What is written can be read, on the other database. */
@OnPostgres
class StoredRowsOnPostgresIT extends StoredRowsIT {}
