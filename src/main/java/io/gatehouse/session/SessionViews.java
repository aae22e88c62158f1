package io.gatehouse.session;

import io.gatehouse.session.Glances.Glance;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes what applications see of a session from what is stored. */
public final class SessionViews {
    /** The detail of a new session that holds the {@code User-Agent} of its client. */
    public static final String DEVICE = "device";

    /** The detail of a new session that holds the address of its client. */
    public static final String ADDRESS = "address";

    private SessionViews() {}

    static SessionInfo info(Glance glance) {
        Metadata metadata = glance.metadata();
        long idleEnd = glance.lastAccess() + metadata.idleSeconds() * 1000;
        return new SessionInfo(
                glance.location().handle(),
                metadata.user(),
                metadata.details().getOrDefault(DEVICE, ""),
                metadata.details().getOrDefault(ADDRESS, ""),
                Instant.ofEpochMilli(metadata.createdAt()),
                Instant.ofEpochMilli(glance.lastAccess()),
                instant(metadata.authenticatedAt()),
                metadata.isRemembered(),
                metadata.idleSeconds() == 0 ? null : Duration.ofMillis(idleEnd - glance.now()),
                instant(metadata.expiresAt()));
    }

    static SessionDetails details(Glance glance, StoredSession stored, Map<String, byte[]> fields) {
        long bytes = fields.entrySet().stream()
                .mapToLong(field -> field.getKey().length() + field.getValue().length)
                .sum();
        return new SessionDetails(
                info(glance), stored.values().keySet().stream().sorted().toList(), bytes);
    }

    /** Returns the outcome of two terminations together. */
    static Termination sum(Termination one, Termination other) {
        return new Termination(one.ended() + other.ended(), Math.min(one.replicas(), other.replicas()), one.wanted());
    }

    /** Returns the reason with a label; a label that was tampered with counts as a termination by an administrator. */
    static EndReason reason(String label) {
        return Arrays.stream(EndReason.values())
                .filter(reason -> reason.label().equals(label))
                .findFirst()
                .orElse(EndReason.ADMIN);
    }

    private static @Nullable Instant instant(long millis) {
        return millis == 0 ? null : Instant.ofEpochMilli(millis);
    }
}
