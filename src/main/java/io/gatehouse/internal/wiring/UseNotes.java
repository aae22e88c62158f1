package io.gatehouse.internal.wiring;

import io.gatehouse.internal.session.SessionRepository;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The thread that notes in Redis which sessions are in use for long; see {@link SessionRepository#noteUse()}. */
final class UseNotes implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(UseNotes.class.getName());

    /** A quarter of the shortest idle timeout there can be, one second. */
    private static final Duration INTERVAL = Duration.ofMillis(250);

    private static final Duration LONGEST_STOP = Duration.ofSeconds(2);

    private final SessionRepository sessionRepository;
    private final ScheduledExecutorService thread;

    /** Starts it. */
    UseNotes(SessionRepository sessionRepository) {
        this.sessionRepository = sessionRepository;
        this.thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread made = new Thread(work, "gatehouse-session-use");
            made.setDaemon(true);
            return made;
        });
        var unused = thread.scheduleWithFixedDelay(
                this::note, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void note() {
        try {
            sessionRepository.noteUse();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "the use of sessions could not be noted: {0}", e.toString());
        }
    }

    /** Stops the thread and notes what is due. */
    @Override
    public void close() {
        thread.execute(this::note);
        thread.shutdown();
        try {
            if (!thread.awaitTermination(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
