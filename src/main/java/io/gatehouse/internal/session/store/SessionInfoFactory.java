package io.gatehouse.internal.session.store;

import io.gatehouse.internal.session.store.SessionSummaryReader.SessionSummary;
import io.gatehouse.session.EndReason;
import io.gatehouse.session.SessionDetails;
import io.gatehouse.session.SessionInfo;
import io.gatehouse.session.TerminationResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Creates the API objects that describe sessions from stored sessions. */
public final class SessionInfoFactory {
    /** The detail of a new session that holds the {@code User-Agent} of its client. */
    public static final String DEVICE = "device";

    /** The detail of a new session that holds the address of its client. */
    public static final String ADDRESS = "address";

    private SessionInfoFactory() {}

    /** Returns the metadata of a session as lists show it. */
    public static SessionInfo info(SessionSummary sessionSummary) {
        SessionMetadata sessionMetadata = sessionSummary.metadata();
        long idleEnd = sessionSummary.lastAccess() + sessionMetadata.idleSeconds() * 1000;
        return new SessionInfo(
                sessionSummary.keys().handle(),
                sessionMetadata.user(),
                sessionMetadata.details().getOrDefault(DEVICE, ""),
                sessionMetadata.details().getOrDefault(ADDRESS, ""),
                Instant.ofEpochMilli(sessionMetadata.createdAt()),
                Instant.ofEpochMilli(sessionSummary.lastAccess()),
                instant(sessionMetadata.authenticatedAt()),
                sessionMetadata.isRemembered(),
                sessionMetadata.idleSeconds() == 0 ? null : Duration.ofMillis(idleEnd - sessionSummary.now()),
                instant(sessionMetadata.expiresAt()));
    }

    static SessionDetails details(SessionSummary sessionSummary, StoredSession stored, Map<String, byte[]> fields) {
        long bytes = fields.entrySet().stream()
                .mapToLong(field -> field.getKey().length() + field.getValue().length)
                .sum();
        return new SessionDetails(
                info(sessionSummary), stored.values().keySet().stream().sorted().toList(), bytes);
    }

    /** Returns the combined outcome of two terminations. */
    public static TerminationResult sum(TerminationResult one, TerminationResult other) {
        return new TerminationResult(
                one.ended() + other.ended(), Math.min(one.replicas(), other.replicas()), one.wanted());
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
