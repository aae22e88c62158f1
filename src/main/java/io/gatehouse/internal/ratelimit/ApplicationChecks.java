package io.gatehouse.internal.ratelimit;

import io.gatehouse.internal.clientaddress.ClientAddress;
import io.gatehouse.internal.clientaddress.ClientAddressResolver;
import io.gatehouse.internal.rules.RateLimitRequest;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.internal.rules.RuleReader;
import io.gatehouse.internal.rules.RuleSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The checks that an application makes in code, by address, or by user and endpoint. A check that meets no rule is allowed, and logs one
 * warning for each endpoint, of at most {@link #MOST_WARNINGS}, because the application expected a limit. Thread-safe.
 */
final class ApplicationChecks {
    /** The number of endpoints that are remembered and logged. */
    static final int MOST_WARNINGS = 100;

    private static final System.Logger LOG = System.getLogger(ApplicationChecks.class.getName());

    private final LimitEngine engine;
    private final ClientAddressResolver addresses;
    private final Supplier<RuleSet> rules;
    private final Function<String, List<String>> userTags;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    ApplicationChecks(
            LimitEngine engine,
            ClientAddressResolver addresses,
            Supplier<RuleSet> rules,
            Function<String, List<String>> userTags) {
        this.engine = engine;
        this.addresses = addresses;
        this.rules = rules;
        this.userTags = userTags;
    }

    /**
     * Checks, and charges, an address against the rules that count by address alone and apply to every path. The allow and deny lists
     * apply.
     *
     * @throws IllegalArgumentException if the text is not an address
     */
    LimitDecision checkIp(String address) {
        ClientAddress client = addresses.parse(address);
        RuleSet now = rules.get();
        if (now.denies(client)) {
            return new LimitDecision.Denied();
        }
        if (now.allows(client)) {
            return new LimitDecision.Allowed(List.of(), true);
        }
        List<RateLimitRule> matching = now.rules().stream()
                .filter(rule -> rule.isForEveryPath() && !rule.countsSessions() && rule.countsAddressesOnly())
                .toList();
        return warnIfUnlimited(
                engine.decide(matching, request("/", client, null)),
                "/*",
                "no rule counts by address and applies to every path, so checkIp limits nothing; add such a rule, for example"
                        + " everything.level = ip");
    }

    /** Checks, and charges, a user against the rules that count by user, with or without the endpoint, and apply to the endpoint. */
    LimitDecision checkUser(String user, String endpoint) {
        String tag = userTags.apply(user).get(0);
        engine.userLimits().learn(tag, user);
        List<RateLimitRule> matching = rules.get().rules().stream()
                .filter(rule -> rule.countsUsers() && !rule.countsSessions() && rule.matches(endpoint))
                .toList();
        return warnIfUnlimited(
                engine.decide(matching, request(endpoint, null, tag)),
                endpoint,
                "no rule counts by user and applies to " + RuleReader.quoted(endpoint)
                        + ", so checkUser limits nothing; add a rule with level = user+endpoint and "
                        + (endpoint.startsWith("/") ? "match" : "endpoint") + " = this name");
    }

    private static RateLimitRequest request(String path, @Nullable ClientAddress address, @Nullable String user) {
        return new RateLimitRequest("", path, address, user, header -> null);
    }

    private LimitDecision warnIfUnlimited(LimitDecision decision, String endpoint, String message) {
        if (decision instanceof LimitDecision.Allowed allowed
                && allowed.unlimited()
                && warned.size() < MOST_WARNINGS
                && warned.add(RuleReader.quoted(endpoint))) {
            LOG.log(System.Logger.Level.WARNING, message);
        }
        return decision;
    }
}
