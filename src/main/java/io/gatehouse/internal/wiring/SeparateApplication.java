package io.gatehouse.internal.wiring;

import io.gatehouse.internal.clientaddress.ClientAddressResolver;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.ratelimit.LimitEngine;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.rules.RateLimitSettings;
import io.gatehouse.internal.rules.RuleSet;
import io.gatehouse.internal.session.SaveObserver;
import io.gatehouse.internal.session.SessionObserver;
import io.gatehouse.internal.session.SessionRepository;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * Sessions and rate limits with the settings of an application and a name of their own, for tests of a deployment. They share no key,
 * counter, event or metric with the application, only its connections to Redis. Immutable.
 *
 * @param name a name that no real application uses
 */
public record SeparateApplication(Settings settings, Redis redis, String name, InstantSource clock) {

    /** Returns new sessions, without listeners. The caller closes them. */
    public SessionRepository sessions() {
        return new SessionRepository(
                settings.session().forSmokeTest(name),
                settings.keys(),
                redis,
                null,
                clock,
                SessionObserver.NONE,
                SaveObserver.NONE);
    }

    /** Returns a limiter with these rules, written as properties. */
    public LimitEngine limiter(String rules) {
        Config config = new Config(List.of(ConfigSource.of(name, Map.of("GATEHOUSE_RATE_LIMITS", rules))));
        RuleSet parsed = RateLimitSettings.from(config, (text, into) -> {}, path -> null)
                .rules()
                .get();
        return new LimitEngine(
                redis,
                settings.redis().isCluster(),
                settings.keys(),
                settings.session().keyPrefix(),
                name,
                new ClientAddressResolver(settings.addresses()),
                () -> parsed,
                user -> List.of(user),
                clock,
                System::nanoTime);
    }
}
