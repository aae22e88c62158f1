package io.gatehouse.servers.cached;

/** What the application's own methods throw. */
public class Unknown extends Exception {
    private static final long serialVersionUID = 1L;

    Unknown(String user) {
        super(user);
    }
}
