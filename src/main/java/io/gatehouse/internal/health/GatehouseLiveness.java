package io.gatehouse.internal.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Alive as long as it can answer. Redis is not looked at: a restart of ours would not bring it back. */
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
