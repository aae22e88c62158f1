package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users of the server, who log in by a form or by {@code login()}: the server remembers them, in its own session or by its own cookie. */
@OnServer
class FormLogInIT {
    private Member member = new Member("/guarded");

    @Deployment(testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive guarded() {
        return Wars.guarded();
    }

    @BeforeEach
    void forgetAll() {
        Surroundings.redis().flush();
        member = new Member("/guarded");
    }

    private static String sessionsOfAlice() {
        return new Member("/guarded").asks("/open/sessions?user=alice");
    }

    private void assertNobodyIsLoggedIn() {
        assertThat(member.asks("/open/who")).isEqualTo("null null");
        assertThat(member.asks("/open/container")).isEqualTo("none");
        assertThat(member.sees("/members/visit").body()).doesNotContain("alice");
    }

    @Test
    void theFormChangesTheIdKeepsTheRestAndFilesTheSession() {
        assertThat(member.asks("/open/visit")).isEqualTo("null 1");
        String before = member.token();
        assertThat(member.logsInByForm("/members/visit")).isEqualTo("alice 2");
        String after = member.token();
        assertThat(after).isNotEqualTo(before);
        assertThat(sessionsOfAlice()).isEqualTo("1");

        assertThat(member.asks("/members/visit")).isEqualTo("alice 3");
        assertThat(member.asks("/open/visit")).isEqualTo("alice 4");
        assertThat(member.token()).isEqualTo(after);
    }

    @Test
    void theEndOfTheSessionIsTheEndOfTheLogInByForm() {
        member.logsInByForm("/members/visit");
        assertThat(member.asks("/open/invalidate")).isEqualTo("alice null"); // at the end of this request
        assertNobodyIsLoggedIn();
        assertThat(sessionsOfAlice()).isEqualTo("0");
    }

    @Test
    void anEndByAnAdministratorIsTheEndOfTheLogInToo() {
        member.logsInByForm("/members/visit");
        new Member("/guarded").asks("/open/terminate?user=alice");

        assertThat(member.sees("/members/visit").status()).isEqualTo(302);
        assertNobodyIsLoggedIn();
        assertThat(member.logsInByForm("/members/visit")).isEqualTo("alice 1");
    }

    @Test
    void theCallOfLoginChangesTheIdKeepsTheRestAndFilesTheSession() {
        assertThat(member.asks("/open/visit")).isEqualTo("null 1");
        String before = member.token();
        assertThat(member.asks("/open/login?user=alice")).isEqualTo("alice alice");
        assertThat(member.token()).isNotEqualTo(before);
        assertThat(sessionsOfAlice()).isEqualTo("1");

        String user = Server.PAYARA.isUnderTest() ? "null" : "alice"; // it is for the request there, with or without us
        assertThat(member.asks("/open/visit")).isEqualTo(user + " 2");

        assertThat(member.asks("/open/logout")).isEqualTo("null null");
        assertThat(member.asks("/open/visit")).isEqualTo("null 3");
        assertThat(sessionsOfAlice()).isEqualTo("0");
    }

    @Test
    void theEndOfTheSessionIsTheEndOfTheLogInByCallToo() {
        member.asks("/open/login?user=alice");
        member.asks("/open/visit");
        member.asks("/open/invalidate");
        assertNobodyIsLoggedIn();
    }
}
