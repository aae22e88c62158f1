package io.gatehouse.internal.health;

import io.gatehouse.internal.health.HealthReport.Answer;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/** Converts the response of a probe to a MicroProfile Health response. */
final class HealthChecks {
    private HealthChecks() {}

    static HealthCheckResponse of(Answer<ProbeReport> answer) {
        ProbeReport.Check check = answer.body().check();
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named(check.name()).status(answer.up());
        if (check.data() != null) {
            check.data().forEach((name, value) -> response.withData(name, value.toString()));
        }
        return response.build();
    }
}
