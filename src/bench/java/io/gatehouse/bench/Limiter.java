package io.gatehouse.bench;

/** A rate limiter under test. Thread-safe. */
interface Limiter extends AutoCloseable {
    /** Returns whether a request of a client is allowed. */
    boolean decide(int client);

    @Override
    void close();
}
