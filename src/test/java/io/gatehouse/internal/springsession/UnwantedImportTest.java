package io.gatehouse.internal.springsession;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.session.ForeignSession;
import io.gatehouse.internal.session.SessionAdoption;
import io.gatehouse.internal.session.token.VerifiedToken;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContextImpl;

/** Imports that would give a browser more than it had, or that code of the application disturbs. */
@RedisTest(lasting = "spring:session:.*")
class UnwantedImportTest {
    private static final Duration HALF_HOUR = Duration.ofMinutes(30);

    /** A value that can be written as often as the test allows. */
    private static final class Fragile implements Serializable {
        private static final long serialVersionUID = 1L;
        private static final AtomicInteger LEFT = new AtomicInteger();

        private void writeObject(ObjectOutputStream out) throws IOException {
            if (LEFT.decrementAndGet() < 0) {
                throw new IllegalStateException("broken");
            }
            out.defaultWriteObject();
        }
    }

    @Test
    void aLoginWithoutItsSecondFactorIsNoLogin(TestRedis redis) {
        try (SpringShop spring = new SpringShop(redis, SpringShop.Repository.SIMPLE);
                App app = Shop.withGatehouse(redis, Map.of())) {
            Object half = new SecurityContextImpl(UsernamePasswordAuthenticationToken.unauthenticated("half", null));
            String id = spring.stored(Map.of("SPRING_SECURITY_CONTEXT", half), HALF_HOUR);
            assertThat(Shop.show(app, Shop.browserOf(id))).startsWith("half[] context");
            assertThat(app.gatehouse().sessionManager().getUserSessions("half")).isEmpty();
        }
    }

    @Test
    void leavesOutAnAttributeWhoseCodeFails(TestRedis redis) {
        try (SpringShop spring = new SpringShop(redis, SpringShop.Repository.SIMPLE);
                App app = Shop.withGatehouse(redis, Map.of())) {
            Fragile.LEFT.set(1);
            String id = spring.stored(Map.of("cart", "book", "fragile", new Fragile()), HALF_HOUR);
            Browser.Answer answer = Shop.browserOf(id).get(app.url("/show"));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("anonymous cart=book idle=1800");
        }
    }

    @Test
    void aSignOutEverywhereDuringTheImportEndsTheSession(TestRedis redis) {
        try (App app = Shop.withGatehouse(redis, Map.of())) {
            SessionAdoption adoption = app.gatehouse().components().sessions().adoption();
            VerifiedToken token = Objects.requireNonNull(adoption.token(adoption.currentKid(), "a session", "random"));
            ForeignSession session = new ForeignSession(
                    System.currentTimeMillis(), 1800, "trudy", Map.of("huge", new byte[50 << 20]), Map.of());
            SessionAdoption.Outcome outcome = adoption.adopt(
                    token,
                    session,
                    attribute -> app.gatehouse().sessionManager().terminateUserSessions("trudy", null),
                    () -> true);
            assertThat(outcome).isEqualTo(SessionAdoption.Outcome.REVOKED);
            assertThat(app.gatehouse().sessionManager().getUserSessions("trudy"))
                    .isEmpty();
        }
    }

    @Test
    void aLogoutDoesNotBringBackTheSessionThatWasNotImportedBeforeTheLogin(TestRedis redis) {
        Browser browser = new Browser();
        try (SpringShop spring = new SpringShop(redis, SpringShop.Repository.INDEXED)) {
            browser.get(spring.app().url("/login?user=alice"));
        }
        try (App app = Shop.withGatehouse(redis, Map.of("GATEHOUSE_IMPORT_SPRING_SESSION_CLASSES", ""))) {
            assertThat(Shop.show(app, browser)).isEqualTo("no session");
            browser.get(app.url("/login?user=bob"));
            browser.get(app.url("/logout"));
        }
        try (App app = Shop.withGatehouse(redis, Map.of())) {
            assertThat(Shop.show(app, browser)).isEqualTo("no session");
        }
    }

    @Test
    void aLogoutFromAnOwnSessionDoesNotOpenTheOldOne(TestRedis redis) {
        try (SpringShop spring = new SpringShop(redis, SpringShop.Repository.SIMPLE);
                App app = Shop.withGatehouse(redis, Map.of())) {
            Browser browser = new Browser();
            browser.get(app.url("/visit"));
            browser.withCookie("SESSION", Shop.encoded(spring.stored(Map.of("cart", "book"), HALF_HOUR)));
            browser.get(app.url("/logout"));
            assertThat(Shop.show(app, browser)).isEqualTo("no session");
        }
    }
}
