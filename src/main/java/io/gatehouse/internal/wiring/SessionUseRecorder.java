package io.gatehouse.internal.wiring;

import io.gatehouse.internal.session.SessionRepository;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The thread that records long-running use of sessions in Redis, so that they do not expire; see {@link SessionRepository#noteUse()}. */
final class SessionUseRecorder implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SessionUseRecorder.class.getName());

    /** A quarter of the shortest possible idle timeout, one second. */
    private static final Duration INTERVAL = Duration.ofMillis(250);

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    private final SessionRepository sessionRepository;
    private final ScheduledExecutorService thread;

    /** Starts the thread. */
    SessionUseRecorder(SessionRepository sessionRepository) {
        this.sessionRepository = sessionRepository;
        this.thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread made = new Thread(work, "gatehouse-session-use");
            made.setDaemon(true);
            return made;
        });
        var unused = thread.scheduleWithFixedDelay(
                () -> record(SessionRepository::noteUse),
                INTERVAL.toMillis(),
                INTERVAL.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void record(Consumer<SessionRepository> recording) {
        try {
            recording.accept(sessionRepository);
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "could not record the use of sessions; long requests may lose theirs: {0}",
                    e.toString());
        }
    }

    /** Records all uses, then stops the thread. */
    @Override
    public void close() {
        thread.execute(() -> record(SessionRepository::noteEveryUse));
        thread.shutdown();
        try {
            if (!thread.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
