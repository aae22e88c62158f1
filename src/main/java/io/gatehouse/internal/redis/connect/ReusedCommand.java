package io.gatehouse.internal.redis.connect;

import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.redis.ScriptArgs;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.args.Rawable;

/**
 * The arguments of a command in the form that Jedis sends: one object for all commands of a connection, one after the other. A new {@link
 * CommandArguments} has two lists and an object for each argument, which is 1 KB for the five commands of an exchange that reads a
 * session. Not thread-safe.
 */
final class ReusedCommand extends CommandArguments {
    /** The command, the script, the number of keys. */
    private final byte[][] head = new byte[3][];

    private int heads;
    private List<byte[]> keys = List.of();
    private List<byte[]> arguments = List.of();
    private final Cursor cursor = new Cursor();

    ReusedCommand() {
        super(Protocol.Command.PING);
    }

    /** Sets a command without a script. */
    ReusedCommand of(Protocol.Command command, List<byte[]> keys, List<byte[]> arguments) {
        head[0] = command.getRaw();
        heads = 1;
        this.keys = keys;
        this.arguments = arguments;
        return this;
    }

    /** Sets the call of a script: by its hash, or by its text. */
    ReusedCommand of(Script script, boolean byText, List<byte[]> keys, List<byte[]> arguments) {
        ReusedCommand call = of(byText ? Protocol.Command.EVAL : Protocol.Command.EVALSHA, keys, arguments);
        head[1] = byText ? ScriptArgs.encode(script.text()) : script.sha1().getBytes(StandardCharsets.ISO_8859_1);
        head[2] = ScriptArgs.encode(keys.size());
        heads = 3;
        return call;
    }

    @Override
    public int size() {
        return heads + keys.size() + arguments.size();
    }

    /** Returns the parts; the result of an earlier call can no longer be used. */
    @Override
    public Iterator<Rawable> iterator() {
        cursor.next = 0;
        return cursor;
    }

    private byte[] part(int index) {
        int key = index - heads;
        int argument = key - keys.size();
        return key < 0 ? head[index] : argument < 0 ? keys.get(key) : arguments.get(argument);
    }

    /** Goes through the parts, and is each of them until the next. */
    private final class Cursor implements Iterator<Rawable>, Rawable {
        private int next;

        @Override
        public boolean hasNext() {
            return next < size();
        }

        @Override
        public Rawable next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            next++;
            return this;
        }

        @Override
        public byte[] getRaw() {
            return part(next - 1);
        }
    }
}
