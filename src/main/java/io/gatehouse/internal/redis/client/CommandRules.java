package io.gatehouse.internal.redis.client;

import io.gatehouse.internal.redis.connect.ApplicationCommands.Command;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandFlagsRegistry.CommandFlag;
import redis.clients.jedis.CommandFlagsRegistry.RequestPolicy;
import redis.clients.jedis.StaticCommandFlagsRegistry;
import redis.clients.jedis.args.Rawable;

/** What the application may send over shared connections, and what is known about its commands. */
final class CommandRules {
    /** Commands that change the state of a connection, which the next borrower would inherit. */
    private static final Set<String> CHANGE_CONNECTION = Set.of(
            "ASKING",
            "AUTH",
            "DISCARD",
            "EXEC",
            "HELLO",
            "HIMPORT",
            "MONITOR",
            "MULTI",
            "PSUBSCRIBE",
            "PSYNC",
            "PUNSUBSCRIBE",
            "QUIT",
            "READONLY",
            "READWRITE",
            "REPLCONF",
            "RESET",
            "SELECT",
            "SSUBSCRIBE",
            "SUBSCRIBE",
            "SUNSUBSCRIBE",
            "SYNC",
            "UNSUBSCRIBE",
            "UNWATCH",
            "WATCH");

    /** The subcommands with the same effect. {@code SCRIPT DEBUG} makes the next borrower's script run in a debugger. */
    private static final Map<String, Set<String>> CHANGE_CONNECTION_BY = Map.of(
            "CLIENT",
            Set.of(
                    "CACHING",
                    "CAPA",
                    "IMPORT-SOURCE",
                    "NO-EVICT",
                    "NO-TOUCH",
                    "REPLY",
                    "SETINFO",
                    "SETNAME",
                    "TRACKING"),
            "SCRIPT",
            Set.of("DEBUG"));

    private CommandRules() {}

    /**
     * Returns a command in the form in which it is sent.
     *
     * @throws UnsupportedOperationException if it would change the state of a shared connection
     */
    static Command command(CommandArguments arguments) {
        String name = name(arguments);
        boolean refused = CHANGE_CONNECTION.contains(name)
                || (arguments.size() > 1
                        && CHANGE_CONNECTION_BY.getOrDefault(name, Set.of()).contains(text(arguments.get(1))));
        if (refused) {
            throw new UnsupportedOperationException(name
                    + " would change a connection that other callers share; use the methods of UnifiedJedis for"
                    + " transactions and subscriptions, and REDIS_URL and its neighbours for databases and users");
        }
        boolean repeatable =
                StaticCommandFlagsRegistry.registry().getFlags(arguments).contains(CommandFlag.READONLY);
        return new Command(arguments, key(arguments), repeatable);
    }

    /** Returns whether a cluster runs a command without key on all masters, as its request policy says. */
    static boolean isForAllMasters(Command command) {
        RequestPolicy policy = StaticCommandFlagsRegistry.registry().getRequestPolicy(command.arguments());
        return command.key() == null && (policy == RequestPolicy.ALL_SHARDS || policy == RequestPolicy.ALL_NODES);
    }

    private static byte @Nullable [] key(CommandArguments arguments) {
        List<Object> keys = arguments.getKeys();
        if (keys.isEmpty()) {
            return null;
        }
        Object first = keys.get(0);
        if (first instanceof byte[] bytes) {
            return bytes;
        }
        return first instanceof Rawable raw ? raw.getRaw() : first.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the name of a command in capital letters. */
    static String name(CommandArguments arguments) {
        return text(arguments.getCommand());
    }

    /** Returns an argument as text in capital letters. */
    static String text(Rawable argument) {
        return new String(argument.getRaw(), StandardCharsets.UTF_8).toUpperCase(Locale.ROOT);
    }
}
