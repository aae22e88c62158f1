package io.gatehouse.servers.club.after;

import jakarta.enterprise.context.SessionScoped;
import java.io.Serializable;

/** A bean for each session that the version before did not have. */
@SessionScoped
public class Album implements Serializable {
    private static final long serialVersionUID = 1L;

    private int photos;

    int add() {
        return ++photos;
    }
}
