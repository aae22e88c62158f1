package io.gatehouse.internal.diagnostics;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.testing.TestRedis;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Runs verifications as the command does. */
final class VerificationRunner {
    static final String NOWHERE = "redis://127.0.0.1:1/0";

    private VerificationRunner() {}

    /** Returns a configuration with a new key and one server for all purposes. */
    static Map<String, String> at(String url) {
        Map<String, String> settings = new HashMap<>();
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        settings.put("GATEHOUSE_KEYS", "k1:" + Base64.getUrlEncoder().encodeToString(key));
        settings.put("GATEHOUSE_APPLICATION", "shop/eu");
        settings.put("REDIS_SESSION_URL", url);
        settings.put("REDIS_RATE_LIMIT_URL", url);
        settings.put("REDIS_URL", url);
        settings.put("REDIS_CACHE_WARMING_URL", url);
        return settings;
    }

    static Map<String, String> at(TestRedis redis) {
        return at(redis.url());
    }

    static VerifyReport report(Map<String, String> settings) {
        return report(settings, 0);
    }

    static VerifyReport report(Map<String, String> settings, int secondsAhead) {
        InstantSource clock = () -> Instant.now().plusSeconds(secondsAhead);
        Config config = new Config(List.of(ConfigSource.of("test", settings)));
        return new Verification(config, "/shop", path -> null, clock).run(checkGroup -> {});
    }

    static Set<String> ids(VerifyReport report) {
        return report.findings().stream().map(Finding::id).collect(Collectors.toCollection(TreeSet::new));
    }

    static String found(VerifyReport report, String id) {
        return report.findings().stream()
                .filter(finding -> finding.id().equals(id))
                .map(finding -> finding.subject() + ": " + finding.found())
                .collect(Collectors.joining("\n"));
    }
}
