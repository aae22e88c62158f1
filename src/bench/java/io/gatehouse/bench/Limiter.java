package io.gatehouse.bench;

/** Says whether a client may go on. Safe for use by several threads. */
interface Limiter extends AutoCloseable {
    boolean decide(int client);

    @Override
    void close();
}
