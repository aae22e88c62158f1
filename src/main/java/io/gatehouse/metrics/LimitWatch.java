package io.gatehouse.metrics;

import io.gatehouse.ratelimit.LimitEngine;
import io.gatehouse.ratelimit.LoginEngine;
import io.gatehouse.ratelimit.LoginEvent;

/** What the rate limits and the guard of log-ins have decided on this node. */
final class LimitWatch {
    private LimitWatch() {}

    static void addTo(Board board, LimitEngine limiter, LoginEngine logins) {
        board.add(
                Family.LIMIT_DECISIONS,
                samples -> limiter.statistics().forEach(rule -> {
                    samples.add(rule.allowed(), rule.rule(), "allowed");
                    samples.add(rule.refused(), rule.rule(), "refused");
                    samples.add(rule.wouldRefuse(), rule.rule(), "would_refuse");
                }));
        board.add(
                Family.LIMIT_LOCAL_REFUSALS,
                samples -> limiter.statistics().forEach(rule -> samples.add(rule.locally(), rule.rule())));
        board.add(
                Family.LIMIT_WITHOUT_REDIS,
                samples -> limiter.statistics().forEach(rule -> samples.add(rule.away(), rule.rule())));
        board.add(Family.LIMIT_LEASED, samples -> samples.add(limiter.leasedTokens()));
        board.add(Family.LOGIN_EVENTS, samples -> {
            for (LoginEvent event : LoginEvent.values()) {
                samples.add(logins.count(event), event.label());
            }
        });
    }
}
