/** What tests and benchmarks stand on: servers, clients, databases, processes, rows, goldens. */
package dev.onecycle.testing;
