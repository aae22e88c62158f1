package io.gatehouse.internal.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.gatehouse.internal.rules.KeyExpression;
import io.gatehouse.internal.rules.Limit;
import io.gatehouse.internal.rules.RateLimitRequest;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.internal.rules.RequestAttributes;
import io.gatehouse.internal.signing.KeyPurpose;
import io.gatehouse.internal.signing.KeyRing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
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
 * signing key. The names of recent counters are cached. Thread-safe.
 */
final class CounterKeys {
    private static final int HASH_BYTES = 9;
    private static final int TAG_CHARACTERS = 2;
    /** The number of rules whose prefixes are cached: those of two rule sets, so that the rules of replaced sets are dropped. */
    private static final int MOST_RULES = 2 * Long.SIZE;

    private static final int MOST_NAMES = 10_000;
    /** Longer values, which clients can send in headers, are hashed each time. */
    private static final int LONGEST_CACHED = 128;

    private final Cache<Names, CounterName> names =
            Caffeine.newBuilder().maximumSize(MOST_NAMES).build();
    private final KeyRing keys;
    private final UserLimits userLimits;
    private final String prefix;
    private final byte[] application;
    /** The hashed bytes that all counters of a rule share, by the identity of the rule. The map is replaced, never modified. */
    private volatile IdentityHashMap<RateLimitRule, RulePrefix> prefixes = new IdentityHashMap<>();

    /** The hashed bytes that all counters of a rule share; compared by identity. */
    private static final class RulePrefix {
        private final byte[][] parts;

        RulePrefix(byte[][] parts) {
            this.parts = parts;
        }
    }

    /** What the name of a counter is derived from; {@code values} is the only value, or a list of several. */
    private record Names(RulePrefix rulePrefix, String kid, String slot, Object values) {}

    CounterKeys(KeyRing keys, String keyPrefix, String application, UserLimits userLimits) {
        this.userLimits = userLimits;
        this.keys = keys;
        this.prefix = keyPrefix + ":{r";
        this.application = application.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the charges of a request to those of the rules that apply to it. */
    List<CounterCharge> charges(Collection<RateLimitRule> matching, RateLimitRequest request) {
        List<CounterCharge> charges = new ArrayList<>(matching.size());
        for (RateLimitRule rule : matching) {
            if (request.meets(rule.when())) {
                CounterCharge charge = find(rule, RequestAttributes.of(request, rule.endpoint(request.path())));
                if (charge != null) {
                    charges.add(charge);
                }
            }
        }
        return charges;
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
        String[] values = new String[level.size()];
        int length = 0;
        for (int i = 0; i < values.length; i++) {
            String value = requestAttributes.value(level.get(i));
            if (value == null) {
                return null;
            }
            values[i] = value;
            length += value.length();
        }
        RulePrefix rulePrefix = rulePrefix(rule);
        String slot = requestAttributes.slotGroup(rule.level());
        if (length + slot.length() > LONGEST_CACHED) {
            return new CounterCharge(rule, name(kid, rulePrefix, slot, values), requestAttributes, rule.cost());
        }
        Names key = new Names(rulePrefix, kid, slot, values.length == 1 ? values[0] : Arrays.asList(values));
        CounterName known = names.getIfPresent(key);
        if (known == null) {
            known = name(kid, rulePrefix, slot, values);
            names.put(key, known);
        }
        return new CounterCharge(rule, known, requestAttributes, rule.cost());
    }

    private CounterName name(String kid, RulePrefix rulePrefix, String slot, String[] values) {
        byte[][] parts = Arrays.copyOf(rulePrefix.parts, rulePrefix.parts.length + values.length);
        for (int i = 0; i < values.length; i++) {
            parts[rulePrefix.parts.length + i] = exactly(values[i]);
        }
        String id = text(kid, parts);
        String slotGroup = text(kid, application, exactly(slot)).substring(0, TAG_CHARACTERS);
        return new CounterName(id, slotGroup, key(slotGroup, id));
    }

    /** Returns the Redis key of a counter. */
    String key(String slotGroup, String id) {
        return prefix + slotGroup + '}' + id;
    }

    private RulePrefix rulePrefix(RateLimitRule rule) {
        IdentityHashMap<RateLimitRule, RulePrefix> known = prefixes;
        RulePrefix rulePrefix = known.get(rule);
        if (rulePrefix == null) {
            Limit limit = rule.limit();
            rulePrefix = new RulePrefix(new byte[][] {
                application,
                rule.name().getBytes(StandardCharsets.UTF_8),
                (limit.kind() + limit.scriptParameter() + '/' + limit.refillMicros() + '/' + rule.level())
                        .getBytes(StandardCharsets.UTF_8)
            });
            IdentityHashMap<RateLimitRule, RulePrefix> more = new IdentityHashMap<>();
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
