/** Named models and predictions. */
package dev.onecycle.serving;
