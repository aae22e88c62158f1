package io.gatehouse.servers.club.before;

import jakarta.enterprise.context.SessionScoped;
import java.io.Serializable;

/** A bean for each session, until the next version. */
@SessionScoped
public class Guestbook implements Serializable {
    private static final long serialVersionUID = 1L;

    private int entries;

    int enter() {
        return ++entries;
    }
}
