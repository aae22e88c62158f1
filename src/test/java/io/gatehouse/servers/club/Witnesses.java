package io.gatehouse.servers.club;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Destroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.context.SessionScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

/** Observes the beginning and the end of session scopes. */
@ApplicationScoped
public class Witnesses {
    @Inject
    Journal journal;

    void begun(@Observes @Initialized(SessionScoped.class) Object event) {
        journal.note("scope begun");
    }

    void destroyed(@Observes @Destroyed(SessionScoped.class) Object event) {
        journal.note("scope destroyed");
    }
}
