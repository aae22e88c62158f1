package io.gatehouse.internal.ratelimit;

import io.gatehouse.internal.rules.KeyExpression;
import io.gatehouse.internal.rules.KeyExpression.KeyPart;
import io.gatehouse.internal.rules.RequestAttributes;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the list of blocked clients says about one counter. Users, whose names a request does not carry, and headers, which may be secret,
 * are masked. Immutable.
 *
 * @param id the counter
 * @param rule the name of the rule
 * @param scope what the rule counts by, or {@link #ACCOUNT}
 * @param slotGroup the hash tag of the counter's Redis key; empty for an account
 * @param key a value for each part of the scope
 */
record BlockedCounter(String id, String rule, String scope, String slotGroup, String key) {
    /** The scope and the rule of accounts that the login protection has locked. */
    static final String ACCOUNT = "account";

    private static final String MASKED = "***";
    private static final int LONGEST_VALUE = 100;
    private static final int FIELDS = 4;

    static BlockedCounter of(CounterCharge charge) {
        KeyExpression level = charge.rule().level();
        String key =
                level.parts().stream().map(part -> shown(part, charge.client())).collect(Collectors.joining(" + "));
        return new BlockedCounter(charge.id(), charge.rule().name(), level.toString(), charge.slotGroup(), key);
    }

    static BlockedCounter ofAccount(String account) {
        return new BlockedCounter(account, ACCOUNT, ACCOUNT, "", MASKED);
    }

    private static String shown(KeyExpression.Part part, RequestAttributes client) {
        KeyPart kind = part.kind();
        if (kind == KeyPart.GLOBAL) {
            return "all";
        }
        if (kind != KeyPart.IP && kind != KeyPart.NETWORK && kind != KeyPart.ENDPOINT) {
            return MASKED;
        }
        String value = String.valueOf(client.value(part)).replaceAll("\\p{Cntrl}", "?");
        return value.length() > LONGEST_VALUE ? value.substring(0, LONGEST_VALUE) + "..." : value;
    }

    boolean isAccount() {
        return scope.equals(ACCOUNT);
    }

    byte[] encode() {
        return String.join("\n", rule, scope, slotGroup, key).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns what {@link #encode} has written, or null if it has another form, such as that of a newer version. */
    static @Nullable BlockedCounter decode(String id, byte[] text) {
        String[] fields = new String(text, StandardCharsets.UTF_8).split("\n", -1);
        return fields.length < FIELDS ? null : new BlockedCounter(id, fields[0], fields[1], fields[2], fields[3]);
    }
}
