package io.gatehouse.servers.limited;

import io.gatehouse.ratelimit.LimitResolver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** Gives premium users a higher limit. */
@ApplicationScoped
public class PlanLimits implements LimitResolver {
    @Inject
    Audit audit;

    @Override
    public Optional<String> limit(String rule, String user) {
        audit.note("asked for " + rule + " " + user);
        return user.startsWith("premium") ? Optional.of("sliding 3/hour") : Optional.empty();
    }
}
