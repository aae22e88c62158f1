package io.gatehouse.servers;

import java.util.Arrays;

/** The supported application servers. The system property {@code gatehouse.server} selects the one under test. */
public enum Server {
    WILDFLY,
    PAYARA,
    LIBERTY;

    /** Returns whether the tests run on this server; false if the property is not set. */
    public boolean isUnderTest() {
        return name().equalsIgnoreCase(System.getProperty("gatehouse.server"));
    }

    static Server underTest() {
        return Arrays.stream(values())
                .filter(Server::isUnderTest)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("-Dgatehouse.server is "
                        + System.getProperty("gatehouse.server") + "; expected one of " + Arrays.toString(values())));
    }
}
