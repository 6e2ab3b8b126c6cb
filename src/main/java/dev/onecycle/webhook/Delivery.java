package dev.onecycle.webhook;

/**
 * An event that one receiver is still to be told.
 *
 * @param event its number
 * @param message its id for receivers, the same however often it is sent
 * @param attempts how often it was sent, this time included once it is claimed
 */
record Delivery(long event, String message, String type, String body, int attempts) {

  Delivery claimed() {
    return new Delivery(event, message, type, body, attempts + 1);
  }
}
