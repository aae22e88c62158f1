package io.gatehouse.internal.login;

import io.gatehouse.internal.clientaddress.ClientAddress;
import org.jspecify.annotations.Nullable;

/**
 * A login attempt: the keyed hashes that count it, and the attributes of the request that its outcome needs. Immutable.
 *
 * @param attempt identifies the attempt, so that it counts once even if it is sent twice
 * @param account the hash of the folded account name, by which attempts are counted
 * @param exact the hash of the account name exactly as typed; a success forgives only attempts with the same hash
 * @param address the hash of the client address, or empty if it is unknown
 * @param network the hash of the client network, or empty if it is unknown
 * @param device the browser that a valid device cookie names, or null
 * @param client the client address, or null if it is unknown
 */
record AttemptContext(
        String attempt,
        String account,
        String exact,
        String address,
        String network,
        DeviceCookies.@Nullable Device device,
        @Nullable ClientAddress client) {

    /** Creates an attempt from its hashes alone. */
    AttemptContext(
            String attempt, String account, String exact, String address, String network, @Nullable String device) {
        this(
                attempt,
                account,
                exact,
                address,
                network,
                device == null ? null : new DeviceCookies.Device(device, false),
                null);
    }

    /** Returns the id in the device cookie, or null if the browser is unknown. */
    @Nullable
    String deviceId() {
        return device == null ? null : device.id();
    }

    /** Returns whether the browser is unknown. Unknown browsers share one failure history, and their address can be refused. */
    boolean isUnknown() {
        return device == null;
    }

    /** Returns only hashes, so that no account and no address reaches a log. */
    @Override
    public String toString() {
        return "attempt " + attempt + " at account " + account;
    }
}
