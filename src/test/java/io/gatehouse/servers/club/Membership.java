package io.gatehouse.servers.club;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.SessionScoped;
import jakarta.inject.Inject;
import java.io.Serializable;

/** A session-scoped bean that is modified in place. */
@SessionScoped
public class Membership implements Serializable {
    private static final long serialVersionUID = 1L;

    @Inject
    Journal journal;

    private int visits;

    @PostConstruct
    void begin() {
        journal.add("membership begins");
    }

    synchronized int visit() {
        return ++visits;
    }

    int visits() {
        return visits;
    }

    @PreDestroy
    void end() {
        journal.add("membership ends after " + visits);
    }
}
