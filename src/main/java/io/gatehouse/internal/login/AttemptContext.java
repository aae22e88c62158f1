package io.gatehouse.internal.login;

import io.gatehouse.internal.clientaddress.ClientAddress;
import org.jspecify.annotations.Nullable;

/**
 * One login attempt: the keyed hashes that it is counted by, and what its outcome needs to know about the request. Immutable.
 *
 * @param attempt identifies the attempt, so that it counts once even if it is sent twice
 * @param account the hash of the folded account name, by which attempts are counted
 * @param exact the hash of the account name exactly as typed, by which a success forgives
 * @param address the hash of the client address, or empty if it is unknown
 * @param network the hash of the network around it, or empty
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

    /** An attempt that is known by its hashes only. */
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

    /** Returns whether the attempt shares its allowance with all other unknown browsers, and its address can be refused. */
    boolean isUnknown() {
        return device == null;
    }

    /** Returns only hashes, so that no account and no address reaches a log. */
    @Override
    public String toString() {
        return "attempt " + attempt + " at account " + account;
    }
}
