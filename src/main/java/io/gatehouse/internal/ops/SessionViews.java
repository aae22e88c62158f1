package io.gatehouse.internal.ops;

import io.gatehouse.session.SessionDetails;
import io.gatehouse.session.SessionInfo;
import io.gatehouse.session.SessionPage;
import io.gatehouse.session.TerminationResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The results of {@link SessionOperations}. Component names are the names of the JSON members. */
public final class SessionViews {
    private SessionViews() {}

    /**
     * A page of sessions.
     *
     * @param next the cursor of the next page, or null if this is the last one
     */
    public record SessionList(
            List<SessionView> sessions, @Nullable String next) {
        static SessionList of(SessionPage page) {
            return new SessionList(page.sessions().stream().map(SessionView::of).toList(), page.next());
        }
    }

    /** One session, named by its handle. */
    public record SessionView(
            String handle,
            @Nullable String user,
            @Nullable String device,
            @Nullable String address,
            Instant createdAt,
            Instant lastAccessedAt,
            @Nullable Instant authenticatedAt,
            boolean remembered,
            @Nullable Duration idleLeft,
            @Nullable Instant expiresAt) {
        static SessionView of(SessionInfo info) {
            return new SessionView(
                    info.handle(),
                    info.user().isEmpty() ? null : info.user(),
                    info.device().isEmpty() ? null : info.device(),
                    info.address().isEmpty() ? null : info.address(),
                    info.createdAt(),
                    info.lastAccessedAt(),
                    info.authenticatedAt(),
                    info.remembered(),
                    info.idleTimeLeft(),
                    info.expiresAt());
        }
    }

    /**
     * The details of one session.
     *
     * @param attributes the names of the attributes, never their values
     */
    public record SessionDetailsView(
            @JsonMember(unwrapped = true) SessionView session, List<String> attributes, long bytes) {
        static SessionDetailsView of(SessionDetails details) {
            return new SessionDetailsView(SessionView.of(details.info()), details.attributeNames(), details.bytes());
        }
    }

    /** The number of sessions, including expired ones that have not been removed yet. */
    public record SessionCount(long sessions) {}

    /** How many sessions were ended, and how many replicas acknowledged it. */
    public record TerminationView(int ended, int replicas, int replicasWanted, boolean confirmed) {
        static TerminationView of(TerminationResult result) {
            return new TerminationView(result.ended(), result.replicas(), result.wanted(), result.isConfirmed());
        }
    }
}
