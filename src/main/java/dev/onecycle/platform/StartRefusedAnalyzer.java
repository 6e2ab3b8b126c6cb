package dev.onecycle.platform;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** The two sentences that a refusal to start is printed as. */
class StartRefusedAnalyzer extends AbstractFailureAnalyzer<StartRefused> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, StartRefused refused) {
    return new FailureAnalysis(refused.getMessage() + ".", refused.fix(), refused);
  }
}
