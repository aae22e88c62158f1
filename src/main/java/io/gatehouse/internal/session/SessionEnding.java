package io.gatehouse.internal.session;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The end of a live session by a request of this node. The first request ends the session in Redis; other requests that end it meanwhile
 * wait until no node accepts it any more, because their clients may take it for ended as well. Thread-safe.
 */
final class SessionEnding {
    private final AtomicReference<@Nullable CompletableFuture<@Nullable Void>> outcome = new AtomicReference<>();

    /** Returns whether this is the first call. The caller must then call {@link #completed} or {@link #failed}, before code of the application runs. */
    boolean begin() {
        return outcome.get() == null && outcome.compareAndSet(null, new CompletableFuture<>());
    }

    /** Returns whether a request has begun to end the session. */
    boolean hasBegun() {
        return outcome.get() != null;
    }

    /** Records that no node accepts the session any more. */
    void completed() {
        boolean unused = begun().complete(null);
    }

    /** Records that the session could not be ended. */
    void failed(Throwable e) {
        boolean unused = begun().completeExceptionally(e);
    }

    private CompletableFuture<@Nullable Void> begun() {
        CompletableFuture<@Nullable Void> begun = outcome.get();
        if (begun == null) {
            throw new IllegalStateException("no request has begun to end the session");
        }
        return begun;
    }

    /**
     * Waits for the outcome, if a request has begun to end the session. An interrupt does not end the wait, which ends with the deadlines
     * of that request.
     *
     * @throws RuntimeException the exception of that request
     */
    void await() {
        CompletableFuture<@Nullable Void> begun = outcome.get();
        if (begun == null) {
            return;
        }
        try {
            begun.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
