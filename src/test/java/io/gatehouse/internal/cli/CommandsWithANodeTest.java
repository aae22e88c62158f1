package io.gatehouse.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.cli.Console.Ended;
import io.gatehouse.internal.session.store.RedisClockShift;
import io.gatehouse.testing.Eventually;
import jakarta.json.JsonObject;
import org.junit.jupiter.api.Test;

/** Tests the session commands on an application with a live node. */
class CommandsWithANodeTest extends LiveNodeFixture {
    @Test
    void listsShowsAndEndsSessionsAndANodeNotifiesTheListeners() {
        loggedIn("alice");
        loggedIn("bob");
        assertThat(sessions("sessions", "list", "--json")).hasSize(2);
        JsonObject session =
                sessions("sessions", "list", "--user", "alice", "--json").get(0);
        String handle = session.getString("handle");
        assertThat(console.run("sessions", "list").out())
                .contains("HANDLE")
                .contains("IDLE LEFT SECONDS")
                .contains(handle)
                .contains("alice");
        assertThat(console.run("sessions", "show", handle).out())
                .contains("attributes")
                .contains(handle);

        Ended would = console.run("sessions", "terminate", handle, "--dry-run");
        assertThat(would.out()).startsWith("would end 1 session").contains("alice");
        assertThat(sessions("sessions", "list", "--json")).hasSize(2);

        Ended ended = console.run("sessions", "terminate", handle);
        assertThat(ended.code()).as(ended.errors()).isZero();
        assertThat(ended.out()).startsWith("1 session ended; a node notifies their listeners");
        Eventually.holds("a node has notified the listener", SOON, () -> DESTROYED.get() == 1);
        assertThat(sessions("sessions", "list", "--user", "alice", "--json")).isEmpty();
        assertThat(console.run("sessions", "terminate", handle).code()).isEqualTo(1);
        assertThat(console.run("sessions", "show", handle).errors())
                .isEqualTo("gatehouse: no such session; it may have ended or expired" + System.lineSeparator());
        assertThat(console.run("sessions", "show", "../etc").code()).isEqualTo(2);
    }

    @Test
    void endsAllSessionsOfAUserExceptOne() {
        loggedIn("alice");
        loggedIn("alice");
        loggedIn("bob");
        String kept =
                sessions("sessions", "list", "--user", "alice", "--json").get(0).getString("handle");
        String[] command = {"sessions", "terminate", "--user", "alice", "--except", kept, "--json"};
        assertThat(sessions("sessions", "terminate", "--user", "alice", "--except", kept, "--json", "--dry-run"))
                .hasSize(1);
        Ended ended = console.run(command);
        assertThat(ended.json().getInt("ended")).isEqualTo(1);
        assertThat(ended.json().getString("job")).isNotEmpty();
        assertThat(sessions("sessions", "list", "--user", "alice", "--json"))
                .singleElement()
                .satisfies(session -> assertThat(session.getString("handle")).isEqualTo(kept));
    }

    @Test
    void endsAllSessionsOnlyWithConfirmation() {
        loggedIn("alice");
        loggedIn("bob");
        assertThat(console.run("sessions", "terminate", "--all").code()).isEqualTo(2);
        assertThat(console.run("sessions", "terminate", "--all", "--user", "bob", "--yes")
                        .code())
                .isEqualTo(2);
        assertThat(console.run("sessions", "terminate", "--all", "--dry-run").out())
                .startsWith("would end 2 sessions");
        Ended ended = console.run("sessions", "terminate", "--all", "--yes");
        assertThat(ended.out()).startsWith("2 sessions ended");
        Eventually.holds("a node has notified the listener", SOON, () -> DESTROYED.get() == 2);
    }

    @Test
    void exitsWithFourIfTooFewReplicasAcknowledgeTheEndOfSessions() {
        loggedIn("alice");
        Console cautious =
                Console.of(redis.url()).set("GATEHOUSE_SESSION_REPLICAS", "1").set("GATEHOUSE_REDIS_DEADLINE", "2s");
        Ended ended = cautious.run("sessions", "terminate", "--user", "alice");
        assertThat(ended.code()).as(ended.errors()).isEqualTo(4);
        assertThat(ended.out()).contains("0 of 1 replicas acknowledged");
    }

    @Test
    void cleansUpOnANode() {
        loggedIn("alice");
        Ended all = console.run("cleanup");
        assertThat(all.code()).as(all.errors()).isZero();
        assertThat(all.out()).startsWith("clean-up-sessions succeeded: 0 sessions removed (node ");
        assertThat(console.run("session_cleanup", "--dry-run").out())
                .startsWith("would remove the expired ones of 1 session");
    }

    @Test
    void cleansUpTheSessionsOfOneUserAndANodeNotifiesTheListeners() {
        loggedIn("carol");
        loggedIn("bob");
        RedisClockShift.makeIdle(redis);
        loggedIn("carol");
        Ended would = console.run("session_cleanup", "--key", "carol", "--dry-run");
        assertThat(would.out())
                .startsWith("would end or remove what is expired or stale of 1 entry")
                .contains("carol has 1 live session");
        assertThat(DESTROYED.get()).isZero();
        Ended ended = console.run("session_cleanup", "--key", "carol");
        assertThat(ended.code()).as(ended.errors()).isZero();
        assertThat(ended.out())
                .startsWith("1 expired session ended; a node notifies their listeners and removes them (run ")
                .contains("0 stale entries removed from the session list")
                .contains("carol has 1 live session");
        Eventually.holds("a node has notified the listeners", SOON, () -> DESTROYED.get() >= 1);
        JsonObject again =
                console.run("session_cleanup", "--key", "carol", "--json").json();
        assertThat(again.getInt("expired")).isZero();
        assertThat(again.getInt("userSessions")).isEqualTo(1);
        assertThat(console.run("session_cleanup", "--key", " ").code()).isEqualTo(2);
    }

    @Test
    void replacesControlCharactersInItsOutput() {
        Ended ended = Console.of(redis.url()).terminal().run("warm");
        assertThat(ended.code()).as(ended.errors()).isZero();
        loggedIn("%1B%5B2J");
        assertThat(console.run("sessions", "list").out()).contains("?[2J").doesNotContain("\u001B");
        assertThat(console.run("sessions", "list", "--json").out()).doesNotContain("\u001B");
        assertThat(sessions("sessions", "list", "--json").get(0).getString("user"))
                .isEqualTo("\u001B[2J");
    }
}
