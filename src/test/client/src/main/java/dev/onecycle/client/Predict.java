package dev.onecycle.client;

import dev.onecycle.client.api.PredictionControllerApi;
import dev.onecycle.client.model.Ranked;
import java.io.File;

/** Asks a model about a picture: SERVICE KEY MODEL PICTURE. Prints labels, the likeliest first. */
public final class Predict {

  private Predict() {}

  public static void main(String[] arguments) throws ApiException {
    ApiClient client = new ApiClient();
    client.setBasePath(arguments[0]);
    client.setBearerToken(arguments[1]);
    new PredictionControllerApi(client)
        .postModelsByNamePredictions(
            arguments[2], new File(arguments[3]), "flip", null, null, null, null, 3, null)
        .getSingle()
        .getPredictions()
        .forEach(Predict::print);
  }

  private static void print(Ranked ranked) {
    System.out.println(ranked.getLabel() + "  " + ranked.getProbability());
  }
}
