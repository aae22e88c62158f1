package io.gatehouse.internal.springsession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.session.token.VerifiedToken;
import io.gatehouse.internal.wiring.Components;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.params.SetParams;

/** An import that stops in its middle for so long that another request imports the same record. */
@RedisTest(lasting = "spring:session:.*")
class LostClaimTest {
    private final ImportCounters counters = new ImportCounters();

    private SpringSessionImporter importer(App app) {
        return importer(app, System::nanoTime);
    }

    private SpringSessionImporter importer(App app, LongSupplier nanoTime) {
        Components components = app.gatehouse().components();
        return new SpringSessionImporter(
                components.settings().springSession().orElseThrow(),
                components.settings().session(),
                components.redis(),
                components.sessions().adoption(),
                counters,
                InstantSource.system(),
                nanoTime);
    }

    private static String stored(SpringShop spring) {
        return spring.stored(Map.of("io.gatehouse.user", "alice"), Duration.ofMinutes(30));
    }

    /** Imports a session, and runs a task after its record was claimed and before it is stored. */
    private @Nullable VerifiedToken importWith(App app, String id, Runnable meanwhile) {
        boolean[] done = {false};
        return importer(app).find(List.of(Shop.encoded(id)), getClass().getClassLoader(), () -> {
            if (!done[0]) {
                done[0] = true;
                meanwhile.run();
            }
            return Map.of();
        });
    }

    private static void expireClaim(TestRedis redis, String id) {
        redis.client().del("gatehouse:import:{spring:session:sessions:" + id + "}");
    }

    @Test
    void findsTheSessionOfTheOtherRequestAndLeavesNoSecondOne(TestRedis redis) {
        try (SpringShop spring = new SpringShop(redis, SpringShop.Repository.SIMPLE);
                App app = Shop.withGatehouse(redis, Map.of())) {
            String id = stored(spring);
            VerifiedToken token = importWith(app, id, () -> {
                expireClaim(redis, id);
                assertThat(Shop.show(app, Shop.browserOf(id))).startsWith("anonymous");
            });
            assertThat(token).isNotNull();
            assertThat(app.gatehouse().sessionManager().getUserSessions("alice"))
                    .singleElement()
                    .satisfies(session -> assertThat(session.handle()).isEqualTo(token.handle()));
            assertThat(counters.of(ImportOutcome.JOINED)).isEqualTo(1);
            assertThat(counters.of(ImportOutcome.IMPORTED)).isZero();
        }
    }

    @Test
    void doesNotBringBackASessionThatTheOtherRequestHasLoggedOut(TestRedis redis) {
        try (SpringShop spring = new SpringShop(redis, SpringShop.Repository.SIMPLE);
                App app = Shop.withGatehouse(redis, Map.of())) {
            String id = stored(spring);
            Browser other = Shop.browserOf(id);
            VerifiedToken unused = importWith(app, id, () -> {
                expireClaim(redis, id);
                assertThat(Shop.show(app, other)).startsWith("anonymous");
                other.get(app.url("/logout"));
            });
            assertThat(app.gatehouse().sessionManager().getUserSessions("alice"))
                    .isEmpty();
            assertThat(Shop.show(app, Shop.browserOf(id))).isEqualTo("no session");
        }
    }

    @Test
    void doesNotWaitLongerForAnotherRequestIfRedisIsSlow(TestRedis redis) {
        try (SpringShop spring = new SpringShop(redis, SpringShop.Repository.SIMPLE);
                App app = Shop.withGatehouse(redis, Map.of())) {
            String id = stored(spring);
            String claim = "gatehouse:import:{spring:session:sessions:" + id + "}";
            redis.client()
                    .set(claim, "2026.of another request", SetParams.setParams().ex(60));
            AtomicLong seconds = new AtomicLong(); // each round trip lasts a second
            SpringSessionImporter importer = importer(
                    app, () -> Duration.ofSeconds(seconds.getAndIncrement()).toNanos());
            assertThatThrownBy(() ->
                            importer.find(List.of(Shop.encoded(id)), getClass().getClassLoader(), Map::of))
                    .isInstanceOf(RedisUnavailableException.class);
            assertThat(seconds).hasValueLessThan(10);
        }
    }

    @Test
    void doesNotSpinIfTheThreadIsInterrupted(TestRedis redis) {
        try (SpringShop spring = new SpringShop(redis, SpringShop.Repository.SIMPLE);
                App app = Shop.withGatehouse(redis, Map.of())) {
            String id = stored(spring);
            String claim = "gatehouse:import:{spring:session:sessions:" + id + "}";
            redis.client()
                    .set(claim, "2026.of another request", SetParams.setParams().ex(60));
            AtomicLong millis = new AtomicLong();
            SpringSessionImporter importer = importer(
                    app, () -> Duration.ofMillis(millis.getAndIncrement()).toNanos());
            Thread.currentThread().interrupt();
            try {
                assertThatThrownBy(() -> importer.find(
                                List.of(Shop.encoded(id)), getClass().getClassLoader(), Map::of))
                        .isInstanceOf(RedisUnavailableException.class);
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
            assertThat(millis).hasValueLessThan(10);
        }
    }

    @Test
    void leavesTheRecordIfItFails(TestRedis redis) {
        try (SpringShop spring = new SpringShop(redis, SpringShop.Repository.SIMPLE);
                App app = Shop.withGatehouse(redis, Map.of())) {
            String id = stored(spring);
            try {
                VerifiedToken unused = importWith(app, id, () -> {
                    throw new IllegalStateException("the node has no memory left");
                });
            } catch (IllegalStateException expected) {
                assertThat(expected).hasMessageContaining("memory");
            }
            assertThat(spring.has(id)).isTrue();
            assertThat(Shop.show(app, Shop.browserOf(id))).startsWith("anonymous");
        }
    }
}
