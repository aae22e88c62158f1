package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The two nodes of the club, as tests inspect and control them. */
final class ClubNodes {
    private static final Duration SOON = Duration.ofSeconds(10);

    private ClubNodes() {}

    /** Returns the events that a node has recorded. */
    static String journal(String node) {
        return new SessionClient("/club").get(node, "/club/journal");
    }

    /** Cleans up on both nodes at the same time until no session is left. The nodes' own timers may remove some. */
    static void cleanUpOnBoth() {
        Eventually.holds("all sessions are removed", SOON, () -> {
            CompletableFuture<String> other =
                    CompletableFuture.supplyAsync(() -> new SessionClient("/club").get(Node.TWO, "/club/clean-up"));
            new SessionClient("/club").get(Node.ONE, "/club/clean-up");
            other.join();
            return ServerTestEnvironment.redis().keys().stream().noneMatch(key -> key.contains(":s:"));
        });
    }

    /** Counts the failures of listeners that the nodes have logged. */
    static int failuresInTheLogs() {
        try {
            String logs = Node.log(Node.ONE) + Node.log(Node.TWO);
            return logs.split("A listener of the end of", -1).length - 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asserts that the session of a member and its beans ended exactly once, and on which node. */
    static void assertEnds(String node, String name, String reason, int visits) {
        String journal = journal(node);
        for (String line : new String[] {
            "session of " + name + " destroyed: " + reason,
            "removed " + name,
            "membership ends after " + visits,
            "scope destroyed"
        }) {
            assertThat(journal).containsOnlyOnce("\"" + line + "\"");
        }
        assertThat(journal).containsOnlyOnce("membership ends").containsOnlyOnce("session of");
    }
}
