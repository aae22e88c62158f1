package io.gatehouse.internal.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** The startup check: up once Gatehouse guards the application, even if Redis is unavailable. */
@Startup
@ApplicationScoped
public class GatehouseStartup implements HealthCheck {
    @Inject
    Instance<HealthReport> report;

    @Override
    public HealthCheckResponse call() {
        return HealthChecks.of(report.get().started());
    }
}
