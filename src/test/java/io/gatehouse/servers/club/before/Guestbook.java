package io.gatehouse.servers.club.before;

import jakarta.enterprise.context.SessionScoped;
import java.io.Serializable;

/** A session-scoped bean that the new version does not have. */
@SessionScoped
public class Guestbook implements Serializable {
    private static final long serialVersionUID = 1L;

    private int entries;

    int enter() {
        return ++entries;
    }
}
