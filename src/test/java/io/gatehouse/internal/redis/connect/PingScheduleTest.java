package io.gatehouse.internal.redis.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Counts the pings of a subscription, without a server and without waiting. */
class PingScheduleTest {
    private static final long CHECKS_PER_MINUTE = 60_000 / PingSchedule.CHECK_INTERVAL_MILLIS;

    private final PingSchedule pingSchedule = new PingSchedule();

    @Test
    void aSubscriptionThatIsAnsweredSendsOnePingEachSecond() {
        int pings = 0;
        for (int check = 0; check < CHECKS_PER_MINUTE; check++) {
            assertThat(pingSchedule.isDead()).isFalse();
            if (pingSchedule.isDue()) {
                pings++;
                pingSchedule.heard();
            }
        }
        assertThat(pings).isEqualTo(60);
    }

    @Test
    void aConnectionIsDeadAtMostThreeSecondsAfterTheLastReply() {
        assertThat(pingSchedule.isDue()).isFalse();
        assertThat(pingSchedule.isDue()).isTrue();
        pingSchedule.heard();
        int checks = 1; // the check that finds it dead
        int pings = 0;
        for (; !pingSchedule.isDead(); checks++) {
            pings += pingSchedule.isDue() ? 1 : 0;
        }
        assertThat(pings).isEqualTo(4);
        assertThat(Duration.ofMillis(checks * PingSchedule.CHECK_INTERVAL_MILLIS))
                .isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void aLateReplyKeepsTheConnection() {
        for (int check = 0; check < 5; check++) {
            boolean unused = pingSchedule.isDue();
        }
        assertThat(pingSchedule.isDead()).isTrue();
        pingSchedule.heard();
        assertThat(pingSchedule.isDead()).isFalse();
    }
}
