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
 * Derives the counter of a rule from the values of a request. Values are hashed under the signing key, each after its length, so
 * that two values never share a counter, no value is a pattern, and neither Redis nor a client learns which value a counter
 * belongs to. A rule whose numbers change starts with new counters, under other keys.
 *
 * <p>Keys are {@code <prefix>:{r<tag>}<hash>}. They are short because there is one for each client: 72 bits of hash leave a
 * chance of one in a hundred million that any two of ten million counters meet, and without the signing key nobody can look
 * for such a pair. Thread-safe.
 */
final class CounterKeys {
    private static final int HASH_BYTES = 9;
    private static final int TAG_CHARACTERS = 2;
    /** Rules that are remembered: those of two sets, so that old ones are forgotten. */
    private static final int MOST_RULES = 2 * Long.SIZE;

    private final KeyRing keys;
    private final String prefix;
    private final byte[] application;
    /** What all counters of a rule have in common, by the identity of the rule; never changed, only replaced. */
    private volatile IdentityHashMap<RateLimitRule, byte[][]> beginnings = new IdentityHashMap<>();

    CounterKeys(KeyRing keys, String keyPrefix, String application) {
        this.keys = keys;
        this.prefix = keyPrefix + ":{r";
        this.application = application.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the charge of the cost of a rule, or null if the request has no value for a part of the level. */
    @Nullable
    CounterCharge find(RateLimitRule rule, RequestAttributes requestAttributes) {
        return find(keys.currentKid(), rule, requestAttributes);
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
        byte[][] beginning = beginning(rule);
        byte[][] parts = Arrays.copyOf(beginning, beginning.length + level.size());
        for (int i = 0; i < level.size(); i++) {
            String value = requestAttributes.value(level.get(i));
            if (value == null) {
                return null;
            }
            parts[beginning.length + i] = exactly(value);
        }
        String id = text(kid, parts);
        String slotGroup = text(kid, application, exactly(requestAttributes.neighbourhood(rule.level())))
                .substring(0, TAG_CHARACTERS);
        return new CounterCharge(rule, id, slotGroup, prefix + slotGroup + '}' + id, rule.cost());
    }

    private byte[][] beginning(RateLimitRule rule) {
        IdentityHashMap<RateLimitRule, byte[][]> known = beginnings;
        byte[][] beginning = known.get(rule);
        if (beginning == null) {
            Limit limit = rule.limit();
            beginning = new byte[][] {
                application,
                rule.name().getBytes(StandardCharsets.UTF_8),
                (limit.kind() + limit.first() + '/' + limit.second() + '/' + rule.level())
                        .getBytes(StandardCharsets.UTF_8)
            };
            IdentityHashMap<RateLimitRule, byte[][]> more = new IdentityHashMap<>();
            if (known.size() < MOST_RULES) {
                more.putAll(known);
            }
            more.put(rule, beginning);
            beginnings = more;
        }
        return beginning;
    }

    private String text(String kid, byte[]... parts) {
        byte[] hash = Arrays.copyOf(keys.tag(kid, KeyPurpose.RATE_LIMIT, parts), HASH_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    }

    /** Two bytes for each character: UTF-8 has no way to write half a surrogate pair, and would write any as a question mark. */
    private static byte[] exactly(String value) {
        ByteBuffer bytes = ByteBuffer.allocate(value.length() * Character.BYTES);
        bytes.asCharBuffer().put(value);
        return bytes.array();
    }
}
