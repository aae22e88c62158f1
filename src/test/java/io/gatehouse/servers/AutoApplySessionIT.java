package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.servers.guarded.Once;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A mechanism of the application's own that asks once, after which the server remembers: {@code @AutoApplySession}. */
@OnServer
class AutoApplySessionIT {
    private Member member = new Member("/once");

    @Deployment(testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive once() {
        return Wars.guardedBy(Once.class, "once");
    }

    @BeforeEach
    void forgetAll() {
        Surroundings.redis().flush();
        member = new Member("/once");
    }

    private void assertNobodyIsLoggedIn() {
        assertThat(member.asks("/open/who")).isEqualTo("null null");
        assertThat(member.asks("/open/container")).isEqualTo("none");
        assertThat(member.sees("/members/visit").status()).isEqualTo(401);
    }

    @Test
    void theIdChangesTheRestStaysAndTheSessionIsFiledUnderTheUser() {
        assertThat(member.asks("/open/visit")).isEqualTo("null 1");
        assertThat(member.sees("/members/visit").status()).isEqualTo(401);
        String before = member.token();
        assertThat(member.asksAs("alice", Node.ONE, "/members/visit")).isEqualTo("alice 2");
        String after = member.token();
        assertThat(after).isNotEqualTo(before);
        assertThat(member.asks("/open/sessions?user=alice")).isEqualTo("1");

        assertThat(member.asks("/members/visit")).isEqualTo("alice 3");
        assertThat(member.asks("/open/authenticate")).isEqualTo("alice 4");
        assertThat(member.token()).isEqualTo(after);
    }

    @Test
    void theEndOfTheSessionIsTheEndOfTheLogIn() {
        member.asksAs("alice", Node.ONE, "/open/authenticate");
        assertThat(member.asks("/members/visit")).isEqualTo("alice 2");
        member.asks("/open/invalidate");
        assertNobodyIsLoggedIn();
    }

    @Test
    void anEndByAnAdministratorIsTheEndOfTheLogInToo() {
        member.asksAs("alice", Node.ONE, "/members/visit");
        new Member("/once").asks("/open/terminate?user=alice");

        assertThat(member.sees("/members/visit").status()).isEqualTo(302);
        assertNobodyIsLoggedIn();
        assertThat(member.asksAs("alice", Node.ONE, "/members/visit")).isEqualTo("alice 1");
    }
}
