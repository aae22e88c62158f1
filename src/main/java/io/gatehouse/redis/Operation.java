package io.gatehouse.redis;

/** What a call runs on the server: a script of Gatehouse, or a command of Redis that needs none. */
sealed interface Operation permits Script, Operation.Native {
    String name();

    /** Whether running it twice leaves the same as running it once. */
    boolean repeatable();

    /** The commands that go without a script; all of them only read. */
    enum Native implements Operation {
        MGET;

        @Override
        public boolean repeatable() {
            return true;
        }
    }
}
