package io.gatehouse.servers.club;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Destroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.context.SessionScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

/** Observes the start and end of session scopes. */
@ApplicationScoped
public class ScopeObserver {
    @Inject
    Journal journal;

    void onStart(@Observes @Initialized(SessionScoped.class) Object event) {
        journal.add("scope begun");
    }

    void onEnd(@Observes @Destroyed(SessionScoped.class) Object event) {
        journal.add("scope destroyed");
    }
}
