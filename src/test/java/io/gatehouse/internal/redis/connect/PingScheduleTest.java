package io.gatehouse.internal.redis.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Counts the pings of a subscription, without a server and without waiting. */
class PingScheduleTest {
    private static final long CHECKS_PER_MINUTE = 60_000 / PingSchedule.CHECK_INTERVAL_MILLIS;

    private final PingSchedule pingSchedule = new PingSchedule();

    @Test
    void aSubscriptionThatIsAnsweredSendsAPingEveryTwoSeconds() {
        int pings = 0;
        for (int check = 0; check < CHECKS_PER_MINUTE; check++) {
            assertThat(pingSchedule.isDead()).isFalse();
            if (pingSchedule.isDue()) {
                pings++;
                pingSchedule.heard();
            }
        }
        assertThat(pings).isEqualTo(30);
    }

    @Test
    void aConnectionIsDeadAtMostFourSecondsAfterTheLastReply() {
        for (int check = 1; check <= 4; check++) {
            assertThat(pingSchedule.isDue()).as("check %s", check).isEqualTo(check == 4);
        }
        pingSchedule.heard();
        int checks = 1; // the check that finds it dead
        int pings = 0;
        for (; !pingSchedule.isDead(); checks++) {
            pings += pingSchedule.isDue() ? 1 : 0;
        }
        assertThat(pings).isEqualTo(4);
        assertThat(Duration.ofMillis(checks * PingSchedule.CHECK_INTERVAL_MILLIS))
                .isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void aLateReplyKeepsTheConnection() {
        for (int check = 0; check < 7; check++) {
            boolean unused = pingSchedule.isDue();
        }
        assertThat(pingSchedule.isDead()).isTrue();
        pingSchedule.heard();
        assertThat(pingSchedule.isDead()).isFalse();
    }
}
