package io.gatehouse.internal.session.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.TestRedis;
import io.gatehouse.testing.TestSentinel;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

/** A lease that is noted on a master only, when its replica takes over. The clocks of the holder stand still unless a test moves them. */
class LeaseFailoverTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String TAKE = SessionLeases.FUNCTIONS + "return take(KEYS[1], ARGV[1], ARGV[2]) and 1 or 0";
    private static final String NOTIFY =
            SessionLeases.FUNCTIONS + "return notify({}, KEYS[1], ARGV[1], ARGV[2], ARGV[3])";

    private final TestSentinel sentinel = new TestSentinel();
    private final RedisConnections connections = Connections.with(sentinel.settings());
    private final AtomicLong nanos = new AtomicLong();
    private final InstantSource clock = () -> Instant.EPOCH.plusNanos(nanos.get());
    private final SessionLeases holder = new SessionLeases(connections, "leases:", "holder", true, nanos::get, clock);

    @AfterEach
    void stop() {
        holder.close();
        connections.close();
        sentinel.close();
    }

    private LeaseRequest requestOfSubscribedHolder() {
        AtomicReference<LeaseRequest> made = new AtomicReference<>();
        Eventually.holds("the holder is subscribed", TIMEOUT, () -> {
            made.set(holder.request("session", null));
            return made.get() != null;
        });
        return Objects.requireNonNull(made.get());
    }

    /** Cuts the replica off from the master. */
    private void cutOffReplica() {
        sentinel.replica().freeze(true);
        try (Jedis master = new Jedis("127.0.0.1", sentinel.master().port())) {
            long unused = master.clientKill(new ClientKillParams().type(ClientType.REPLICA));
        }
    }

    private Lease takenOnTheMaster(HeldLeases held, LeaseRequest request) {
        try (Jedis master = new Jedis("127.0.0.1", sentinel.master().port())) {
            String number = Long.toString(request.number());
            assertThat(master.eval(TAKE, List.of("leases"), List.of(request.node(), number)))
                    .isEqualTo(1L);
        }
        assertThat(holdersOn(sentinel.master())).contains(request.node());
        Lease lease = held.granted(request, 0, 0);
        assertThat(held.isValid(lease)).isTrue();
        return lease;
    }

    /** Returns the holders that the script of a writer learns. */
    private static List<String> holdersOn(TestRedis server) {
        try (Jedis client = new Jedis("127.0.0.1", server.port())) {
            List<?> holders = (List<?>) client.eval(NOTIFY, List.of("leases"), List.of("unheard:", "writer", "let-go"));
            return holders.stream().map(String::valueOf).toList();
        }
    }

    private void awaitPromotion() {
        sentinel.replica().freeze(false);
        Eventually.holds("the replica takes over", TIMEOUT, () -> sentinel.agreeOn(sentinel.replica()));
        Eventually.within(
                TIMEOUT, () -> assertThat(holdersOn(sentinel.replica())).isEmpty());
    }

    @Test
    void aLeaseThatTheNewMasterDoesNotKnowEndsAfterItsLengthOrWhenSentinelNamesTheMaster() {
        LeaseRequest request = requestOfSubscribedHolder();
        HeldLeases unaware = new HeldLeases("unaware", nanos::get, clock); // has no subscription that could break
        cutOffReplica();
        Lease lost = takenOnTheMaster(unaware, unaware.request("session", null));
        Lease noticed = takenOnTheMaster(holder.held(), request);
        sentinel.master().freeze(true);
        awaitPromotion(); // from now on no writer waits for the holders
        Eventually.holds("the holder lets go", TIMEOUT, () -> !holder.held().isValid(noticed));
        assertThat(unaware.isValid(lost)).as("what the failover costs").isTrue();
        nanos.addAndGet(HeldLeases.LONGEST.toNanos());
        assertThat(unaware.isValid(lost)).isFalse();
    }
}
