package io.gatehouse.testing;

import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Checks that no log record of Gatehouse, at any level, contains the value of a cookie. Records until it is closed. */
final class CookieSweep extends Handler implements AutoCloseable {
    /** A strong reference, because the log manager holds loggers weakly. */
    private static final Logger LOGGER = Logger.getLogger("io.gatehouse");

    private final Level before = LOGGER.getLevel();
    private final Queue<String> records = new ConcurrentLinkedQueue<>();

    CookieSweep() {
        setLevel(Level.ALL);
        LOGGER.setLevel(Level.ALL);
        LOGGER.addHandler(this);
    }

    /**
     * Checks the records.
     *
     * @throws AssertionError if a record contains one of the values
     */
    void requireNone(Collection<String> values) {
        for (String record : records) {
            for (String value : values) {
                if (record.contains(value)) {
                    throw new AssertionError("The log contains the value of a cookie: " + record);
                }
            }
        }
    }

    /** Keeps the message and the texts of all causes. */
    @Override
    public void publish(LogRecord record) {
        StringBuilder text = new StringBuilder(new SimpleFormatter().formatMessage(record));
        for (Throwable cause = record.getThrown(); cause != null; cause = cause.getCause()) {
            text.append('\n').append(cause);
        }
        records.add(text.toString());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        LOGGER.removeHandler(this);
        LOGGER.setLevel(before);
    }
}
