package io.gatehouse.internal.springsession;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.session.SessionInfo;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.RedisDeployment;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.Topology;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Follows the page "Migrate from Spring Session": the application runs with Spring Session, then with Gatehouse, and the browsers stay. */
@RedisTest(lasting = "spring:session:.*")
class MigrationTest {
    static Stream<Arguments> deployments() {
        return Stream.of(Topology.values())
                .flatMap(topology ->
                        Stream.of(SpringShop.Repository.values()).map(kind -> Arguments.of(topology, kind)));
    }

    @ParameterizedTest
    @MethodSource("deployments")
    void usersStayLoggedInWithTheirAttributesAndTimeouts(Topology topology, SpringShop.Repository kind) {
        RedisDeployment redis = topology.shared();
        Browser alice = new Browser();
        Browser visitor = new Browser();
        String before;
        try (SpringShop shop = new SpringShop(redis, kind)) {
            alice.get(shop.app().url("/login?user=alice"));
            visitor.get(shop.app().url("/visit"));
            before = Shop.show(shop.app(), alice);
            assertThat(before).isEqualTo("alice[ROLE_BUYER] context cart=[CartItem[article=book, count=2]] idle=1234");
            assertThat(alice.cookie("SESSION")).isNotNull();
        }
        try (LogCapture log = new LogCapture("io.gatehouse");
                App one = Shop.withGatehouse(redis, Map.of());
                App two = Shop.withGatehouse(redis, Map.of())) {
            assertThat(log.lines()).anyMatch(line -> line.startsWith("WARNING") && line.contains("Spring Session"));
            String id = id(alice);

            Browser.Answer answer = alice.get(one.url("/show"));
            assertThat(answer.body()).isEqualTo(before);
            assertThat(answer.setCookies())
                    .anyMatch(cookie -> cookie.startsWith("sid="))
                    .anyMatch(cookie -> cookie.startsWith("SESSION=;") && cookie.contains("Path=/shop/"));
            assertThat(alice.cookie("SESSION")).isNull();
            assertThat(redis.masters().stream().flatMap(master -> master.keys().stream()))
                    .doesNotContain("spring:session:sessions:" + id);

            assertThat(Shop.show(two, alice)).isEqualTo(before);
            assertThat(Shop.show(two, visitor)).isEqualTo("anonymous visits=1 idle=1800");
            List<SessionInfo> sessions = one.gatehouse().sessionManager().getUserSessions("alice");
            assertThat(sessions).hasSize(1);
            assertThat(Shop.count(one, ImportOutcome.IMPORTED)).isEqualTo(1);

            alice.get(two.url("/set?name=seat&value=12A"));
            assertThat(Shop.show(one, alice)).contains("seat=12A");
            String token = alice.token();
            alice.get(one.url("/logout"));
            assertThat(Shop.show(two, alice)).isEqualTo("no session");
            Browser thief = new Browser().withCookie("sid", token).withCookie("SESSION", Shop.encoded(id));
            assertThat(Shop.show(two, thief)).isEqualTo("no session");
            assertThat(two.gatehouse().sessionManager().getUserSessions("alice"))
                    .isEmpty();
        }
    }

    private static String id(Browser browser) {
        return new String(Base64.getDecoder().decode(browser.cookie("SESSION")), StandardCharsets.UTF_8);
    }
}
