package io.gatehouse.health;

import io.gatehouse.health.HealthReport.Answer;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/** Turns an answer of ours into one of MicroProfile Health. */
final class Probe {
    private Probe() {}

    static HealthCheckResponse of(Answer answer) {
        if (!(answer.document().get("checks") instanceof List<?> checks && checks.get(0) instanceof Map<?, ?> check)) {
            throw new IllegalArgumentException("this answers no probe");
        }
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named(String.valueOf(check.get("name"))).status(answer.up());
        if (check.get("data") instanceof Map<?, ?> data) {
            data.forEach((name, value) -> response.withData(String.valueOf(name), String.valueOf(value)));
        }
        return response.build();
    }
}
