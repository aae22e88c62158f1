package io.gatehouse.servers.cached;

import jakarta.enterprise.context.RequestScoped;

/** Counts steps of one request. */
@RequestScoped
public class Steps {
    private int count;

    public int next() {
        return ++count;
    }
}
