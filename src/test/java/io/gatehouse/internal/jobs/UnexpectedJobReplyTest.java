package io.gatehouse.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.jobs.JobState;
import io.gatehouse.jobs.SubmitOptions;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.ScriptedRedis;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** An unexpected reply of Redis is an error; it is never taken for a rejected, lost or unknown run. */
class UnexpectedJobReplyTest {
    private static final JobClaim CLAIM = new JobClaim(JobClaim.ClaimAction.RUN, "id", "1", Map.of());
    private static final NewRun RUN = new NewRun("id", "name", "{}", "tag");
    private static final JobProgress PROGRESS = new JobProgress(0, 0, "");

    @Test
    void anUnknownOutcomeIsAnError() {
        String text = "$3\r\nyes\r\n";
        fails(text, store -> store.submit(RUN, SubmitOptions.now(), Duration.ZERO, false));
        fails(text, store -> store.renew(CLAIM, PROGRESS));
        fails(text, store -> store.finish(CLAIM, JobState.SUCCEEDED, PROGRESS, null));
        fails(text, store -> store.fire(RUN, Instant.EPOCH, "* * * * * UTC", false));
        fails(text, store -> store.requeue("id"));
        fails(":2\r\n", store -> store.cancel("id"));
        fails(":2\r\n", store -> store.discard("id"));
    }

    @Test
    void anIncompleteClaimIsAnError() {
        fails("*0\r\n", store -> store.claim(Map.of("name", 3)));
        fails("*2\r\n$3\r\nrun\r\n$2\r\nid\r\n", store -> store.claim(Map.of("name", 3)));
        fails("*3\r\n$3\r\nrun\r\n$2\r\nid\r\n*1\r\n$5\r\nfence\r\n", store -> store.claim(Map.of("name", 3)));
    }

    @Test
    void anIncompleteRunIsAnError() {
        fails("*1\r\n$4\r\nname\r\n", store -> store.find("id"));
        fails("*1\r\n$2\r\nid\r\n", store -> store.list(null, 10));
    }

    private interface Use {
        Object of(JobStore store);
    }

    private static void fails(String reply, Use use) {
        try (ScriptedRedis redis = new ScriptedRedis();
                RedisConnections connections = Connections.with(
                        Map.of("REDIS_CACHE_WARMING_URL", redis.url()), EnumSet.of(RedisPurpose.CACHE_WARMING))) {
            redis.answer(reply);
            JobStore store = new JobStore(connections, "gatehouse", "shop", "node-1", Duration.ofMinutes(1));
            ThrowingCallable call = () -> use.of(store);
            assertThatThrownBy(call)
                    .isInstanceOfSatisfying(
                            RedisUnavailableException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.UNEXPECTED));
        }
    }
}
