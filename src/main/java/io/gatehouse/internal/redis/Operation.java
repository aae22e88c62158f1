package io.gatehouse.internal.redis;

/** What a call runs on the server: a script of Gatehouse or a native Redis command. */
public sealed interface Operation permits Script, Operation.NativeCommand {
    String name();

    /** Returns whether running the operation twice has the same effect as running it once. */
    boolean repeatable();

    /** The commands that Gatehouse sends without a script. None of them changes data. */
    enum NativeCommand implements Operation {
        /** Of a field that never exists. */
        HDEL,
        HGETALL,
        MGET,
        PUBLISH,
        TIME,
        ZMSCORE;

        @Override
        public boolean repeatable() {
            return true;
        }
    }
}
