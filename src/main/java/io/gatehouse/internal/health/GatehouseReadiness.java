package io.gatehouse.internal.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** The readiness check: up while sessions can be read and written, but not before the cache is warm. */
@Readiness
@ApplicationScoped
public class GatehouseReadiness implements HealthCheck {
    @Inject
    Instance<HealthReport> report;

    @Override
    public HealthCheckResponse call() {
        return HealthChecks.of(report.get().ready());
    }
}
