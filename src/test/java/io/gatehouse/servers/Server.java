package io.gatehouse.servers;

import java.util.Arrays;

/** The servers that these tests know; {@code -Dgatehouse.server} says on which one they run. */
public enum Server {
    WILDFLY,
    PAYARA,
    LIBERTY;

    /** Nothing is under test where the property is not set. */
    public boolean isUnderTest() {
        return name().equalsIgnoreCase(System.getProperty("gatehouse.server"));
    }

    static Server underTest() {
        return Arrays.stream(values())
                .filter(Server::isUnderTest)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("-Dgatehouse.server is none of " + Arrays.toString(values())));
    }
}
