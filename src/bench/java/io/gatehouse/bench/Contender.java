package io.gatehouse.bench;

import io.gatehouse.bench.Application.Keeping;

/** A contender of the session benchmark. */
enum Contender {
    NO_SESSION("no session", Keeping.NOTHING, "/read"),
    BARE_GET("one bare GET", Keeping.BARE_GET, "/read"),
    GATEHOUSE_READ("Gatehouse, session read", Keeping.GATEHOUSE, "/read"),
    GATEHOUSE_CHANGE("Gatehouse, session changed", Keeping.GATEHOUSE, "/change"),
    SPRING_READ("Spring Session, session read", Keeping.SPRING, "/read"),
    SPRING_CHANGE("Spring Session, session changed", Keeping.SPRING, "/change");

    private final String title;
    private final Keeping keeping;
    private final String path;

    Contender(String title, Keeping keeping, String path) {
        this.title = title;
        this.keeping = keeping;
        this.path = path;
    }

    String title() {
        return title;
    }

    Keeping keeping() {
        return keeping;
    }

    String path() {
        return path;
    }

    boolean hasSession() {
        return keeping == Keeping.GATEHOUSE || keeping == Keeping.SPRING;
    }
}
