package io.gatehouse.servers.cached;

/** The exception that methods of the application throw. */
public class Unknown extends Exception {
    private static final long serialVersionUID = 1L;

    Unknown(String user) {
        super(user);
    }
}
