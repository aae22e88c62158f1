package io.gatehouse.internal.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** The liveness check: up as long as the node responds. It ignores Redis, because a restart would not fix it. */
@Liveness
@ApplicationScoped
public class GatehouseLiveness implements HealthCheck {
    @Inject
    Instance<HealthReport> report;

    @Override
    public HealthCheckResponse call() {
        return HealthChecks.of(report.get().live());
    }
}
