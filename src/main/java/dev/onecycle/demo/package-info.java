/** The first-run story: a sample dataset, a smoke run, a model to ask. */
package dev.onecycle.demo;
