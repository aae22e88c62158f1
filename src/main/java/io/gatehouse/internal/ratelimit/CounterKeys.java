package io.gatehouse.internal.ratelimit;

import io.gatehouse.internal.rules.KeyExpression;
import io.gatehouse.internal.rules.Limit;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.internal.rules.RequestAttributes;
import io.gatehouse.internal.signing.KeyPurpose;
import io.gatehouse.internal.signing.KeyRing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Derives the Redis keys of counters from the attributes of a request. Each value is hashed under the signing key, after its length, so
 * that two values never share a counter, no value acts as a pattern, and neither Redis nor a client learns which value a counter
 * belongs to. A rule whose numbers change starts with new counters, under other keys.
 *
 * <p>Keys are {@code <prefix>:{r<tag>}<hash>}. They are short because there is one for each client: with 72 bits of hash, the
 * probability that any two of ten million counters collide is one in a hundred million, and finding a collision requires the
 * signing key. Thread-safe.
 */
final class CounterKeys {
    private static final int HASH_BYTES = 9;
    private static final int TAG_CHARACTERS = 2;
    /** The number of rules whose prefixes are cached: those of two rule sets, so that the rules of replaced sets are dropped. */
    private static final int MOST_RULES = 2 * Long.SIZE;

    private final KeyRing keys;
    private final UserLimits userLimits;
    private final String prefix;
    private final byte[] application;
    /** The hashed bytes that all counters of a rule share, by the identity of the rule. The map is replaced, never modified. */
    private volatile IdentityHashMap<RateLimitRule, byte[][]> prefixes = new IdentityHashMap<>();

    CounterKeys(KeyRing keys, String keyPrefix, String application, UserLimits userLimits) {
        this.userLimits = userLimits;
        this.keys = keys;
        this.prefix = keyPrefix + ":{r";
        this.application = application.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns a charge of the cost of a rule, with the limit of its user, or null if the request lacks an attribute that the rule counts by. */
    @Nullable
    CounterCharge find(RateLimitRule rule, RequestAttributes requestAttributes) {
        CounterCharge charge = find(keys.currentKid(), rule, requestAttributes);
        return charge == null ? null : userLimits.apply(charge);
    }

    /** Returns the counters under every signing key, for inspection and reset. */
    List<CounterCharge> findAll(RateLimitRule rule, RequestAttributes requestAttributes) {
        return keys.kids().stream()
                .map(kid -> find(kid, rule, requestAttributes))
                .filter(Objects::nonNull)
                .toList();
    }

    private @Nullable CounterCharge find(String kid, RateLimitRule rule, RequestAttributes requestAttributes) {
        List<KeyExpression.Part> level = rule.level().parts();
        byte[][] rulePrefix = rulePrefix(rule);
        byte[][] parts = Arrays.copyOf(rulePrefix, rulePrefix.length + level.size());
        for (int i = 0; i < level.size(); i++) {
            String value = requestAttributes.value(level.get(i));
            if (value == null) {
                return null;
            }
            parts[rulePrefix.length + i] = exactly(value);
        }
        String id = text(kid, parts);
        String slotGroup = text(kid, application, exactly(requestAttributes.slotGroup(rule.level())))
                .substring(0, TAG_CHARACTERS);
        return new CounterCharge(rule, id, slotGroup, key(slotGroup, id), requestAttributes, rule.cost());
    }

    /** Returns the Redis key of a counter. */
    String key(String slotGroup, String id) {
        return prefix + slotGroup + '}' + id;
    }

    private byte[][] rulePrefix(RateLimitRule rule) {
        IdentityHashMap<RateLimitRule, byte[][]> known = prefixes;
        byte[][] rulePrefix = known.get(rule);
        if (rulePrefix == null) {
            Limit limit = rule.limit();
            rulePrefix = new byte[][] {
                application,
                rule.name().getBytes(StandardCharsets.UTF_8),
                (limit.kind() + limit.scriptParameter() + '/' + limit.refillMicros() + '/' + rule.level())
                        .getBytes(StandardCharsets.UTF_8)
            };
            IdentityHashMap<RateLimitRule, byte[][]> more = new IdentityHashMap<>();
            if (known.size() < MOST_RULES) {
                more.putAll(known);
            }
            more.put(rule, rulePrefix);
            prefixes = more;
        }
        return rulePrefix;
    }

    private String text(String kid, byte[]... parts) {
        byte[] hash = Arrays.copyOf(keys.tag(kid, KeyPurpose.RATE_LIMIT, parts), HASH_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    }

    /** Encodes two bytes for each character, because UTF-8 encodes every unpaired surrogate as a question mark. */
    private static byte[] exactly(String value) {
        ByteBuffer bytes = ByteBuffer.allocate(value.length() * Character.BYTES);
        bytes.asCharBuffer().put(value);
        return bytes.array();
    }
}
