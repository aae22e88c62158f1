package io.gatehouse.internal.login;

import io.gatehouse.internal.redis.ScriptArgs;
import io.gatehouse.internal.signing.KeyPurpose;
import io.gatehouse.internal.signing.KeyRing;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Derives the keyed hashes that represent accounts and addresses in Redis and in logs, and the Redis keys made of them. A dump of Redis
 * reveals no names, and the key of an account cannot be guessed. A new signing key starts new counters. Immutable.
 *
 * <p>Keys: {@code <prefix>:{<application>.<account>}:l} holds the failure history of unknown browsers, {@code ...:ld:<device>} that of a
 * known browser, and {@code ...:ln} the networks of the attacks. {@code <prefix>:{<application>.<address>}:lf} holds the accounts that
 * failed from an address.
 */
final class LoginKeys {
    private static final int TAG_LENGTH = 16;

    private final KeyRing keys;
    private final byte[] application;
    private final String prefix;

    LoginKeys(KeyRing keys, String keyPrefix, String application) {
        this.keys = keys;
        this.application = application.getBytes(StandardCharsets.UTF_8);
        this.prefix = keyPrefix + ":{" + URLEncoder.encode(application, StandardCharsets.UTF_8) + '.';
    }

    /** Returns the hash of a folded account name under a signing key. */
    String account(String kid, byte[] name) {
        return tag(kid, "account", name);
    }

    /** Returns the hash of an account name exactly as typed under a signing key. */
    String exact(String kid, byte[] name) {
        return tag(kid, "exact", name);
    }

    String address(String ip) {
        return tag(keys.currentKid(), "address", ip.getBytes(StandardCharsets.UTF_8));
    }

    String network(String network) {
        return tag(keys.currentKid(), "network", network.getBytes(StandardCharsets.UTF_8));
    }

    byte[] failures(String account) {
        return ScriptArgs.encode(prefix + account + "}:l");
    }

    byte[] networks(String account) {
        return ScriptArgs.encode(prefix + account + "}:ln");
    }

    byte[] deviceFailures(String account, String device) {
        return ScriptArgs.encode(prefix + account + "}:ld:" + device);
    }

    byte[] accounts(String address) {
        return ScriptArgs.encode(prefix + address + "}:lf");
    }

    private String tag(String kid, String what, byte[] name) {
        byte[] tag = keys.tag(kid, KeyPurpose.LOGIN, application, what.getBytes(StandardCharsets.UTF_8), name);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(tag, TAG_LENGTH));
    }
}
