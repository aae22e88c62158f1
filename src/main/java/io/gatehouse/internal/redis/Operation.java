package io.gatehouse.internal.redis;

/** What a call runs on the server: a script of Gatehouse, or a command of Redis that needs none. */
public sealed interface Operation permits Script, Operation.NativeCommand {
    String name();

    /** Whether running it twice leaves the same as running it once. */
    boolean repeatable();

    /** The commands that go without a script; all of them only read. */
    enum NativeCommand implements Operation {
        MGET;

        @Override
        public boolean repeatable() {
            return true;
        }
    }
}
