package io.gatehouse.session;

/** A genuine token and where its session is; what a request shows to have it opened. */
public final class SessionTicket {
    private final SessionToken token;
    private final Location location;

    SessionTicket(SessionToken token, Location location) {
        this.token = token;
        this.location = location;
    }

    SessionToken token() {
        return token;
    }

    Location location() {
        return location;
    }

    @Override
    public String toString() {
        return "ticket of " + location;
    }
}
