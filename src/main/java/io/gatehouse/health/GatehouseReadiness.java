package io.gatehouse.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready while sessions can be read and written, and not before the cache is as warm as it has to be. */
@Readiness
@ApplicationScoped
public class GatehouseReadiness implements HealthCheck {
    @Inject
    Instance<HealthReport> report;

    @Override
    public HealthCheckResponse call() {
        HealthReport now = report.get();
        HealthCheckResponseBuilder response = HealthCheckResponse.named("gatehouse-redis/" + now.application())
                .status(now.isUp() && now.isWarm())
                .withData("cache.warm", now.isWarm());
        now.redis().forEach((purpose, state) -> tell(response, purpose, state));
        return response.build();
    }

    /** MicroProfile Health has no nested data, so names are put together with dots. */
    private static void tell(HealthCheckResponseBuilder response, String name, Object fact) {
        if (fact instanceof Map<?, ?> facts) {
            facts.forEach((part, value) -> tell(response, name + "." + part, value));
        } else {
            response.withData(name, fact.toString());
        }
    }
}
