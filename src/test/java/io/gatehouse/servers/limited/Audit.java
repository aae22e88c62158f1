package io.gatehouse.servers.limited;

import io.gatehouse.login.AccountLockedEvent;
import io.gatehouse.login.LoginAttackEvent;
import io.gatehouse.ratelimit.RequestRefusedEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down the events of limits and logins, and the questions to the resolver. */
@ApplicationScoped
public class Audit {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    void refused(@Observes RequestRefusedEvent event) {
        note("refused " + event.rule() + " " + event.key());
    }

    void locked(@Observes AccountLockedEvent event) {
        note("locked for " + event.lockedFor().toSeconds() + " s: " + event.account());
    }

    void attacked(@Observes LoginAttackEvent event) {
        note("attacked " + event.kind() + " " + event.target());
    }

    public void note(String line) {
        lines.add(line);
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }
}
