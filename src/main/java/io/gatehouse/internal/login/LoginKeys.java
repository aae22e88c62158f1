package io.gatehouse.internal.login;

import io.gatehouse.internal.redis.ScriptArgs;
import io.gatehouse.internal.signing.KeyPurpose;
import io.gatehouse.internal.signing.KeyRing;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Derives what stands for accounts and addresses in Redis and in logs: keyed hashes, so that a dump names nobody and nobody
 * can tell where an account would be. With a new signing key counting begins anew. Immutable.
 *
 * <p>Keys: {@code <prefix>:{<application>.<account>}:l} holds the failures of unknown browsers, {@code ...:ld:<device>} those of
 * a known one, {@code ...:ln} the networks; {@code <prefix>:{<application>.<address>}:la} the accounts that failed from there.
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

    /** What stands for an account under one of the keys. */
    String account(String kid, byte[] name) {
        return tag(kid, "account", name);
    }

    /** The hash of a name exactly as it was typed. */
    String exact(String kid, byte[] name) {
        return tag(kid, "exact", name);
    }

    String address(String ip) {
        return tag(keys.currentKid(), "address", ip.getBytes(StandardCharsets.UTF_8));
    }

    String network(String network) {
        return tag(keys.currentKid(), "network", network.getBytes(StandardCharsets.UTF_8));
    }

    byte[] lane(String account) {
        return ScriptArgs.encode(prefix + account + "}:l");
    }

    byte[] networks(String account) {
        return ScriptArgs.encode(prefix + account + "}:ln");
    }

    byte[] deviceLane(String account, String device) {
        return ScriptArgs.encode(prefix + account + "}:ld:" + device);
    }

    byte[] accounts(String address) {
        return ScriptArgs.encode(prefix + address + "}:la");
    }

    private String tag(String kid, String what, byte[] name) {
        byte[] tag = keys.tag(kid, KeyPurpose.LOGIN, application, what.getBytes(StandardCharsets.UTF_8), name);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(tag, TAG_LENGTH));
    }
}
