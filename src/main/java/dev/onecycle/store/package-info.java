/** Blobs by key: put atomically, get, verify, list, delete. */
package dev.onecycle.store;
