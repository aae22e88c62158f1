package io.gatehouse.servers.club.after;

import jakarta.enterprise.context.SessionScoped;
import java.io.Serializable;

/** A session-scoped bean that the old version does not have. */
@SessionScoped
public class Album implements Serializable {
    private static final long serialVersionUID = 1L;

    private int photos;

    int add() {
        return ++photos;
    }
}
