package io.gatehouse.internal.redis;

import io.gatehouse.RedisPurpose;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A Lua script, which the server runs atomically. Its text is constant and never built from input. Immutable.
 *
 * @param repeatable whether running it twice has the same effect as running it once, so that it may be sent again if a
 *     connection breaks before the reply arrives
 * @param returnsMark whether the script takes one more argument, after all others, and returns a list that ends with it. An exchange that ends
 *     with such a script needs no other command to mark its end. The argument is absent if another command follows
 */
public record Script(String name, String text, String sha1, boolean repeatable, boolean returnsMark)
        implements Operation {

    /** Creates a script that does not return the mark of its exchange. */
    public Script(String name, String text, String sha1, boolean repeatable) {
        this(name, text, sha1, repeatable, false);
    }

    /** Loads a repeatable script that returns the mark of its exchange from a resource of the owner's package. */
    public static Script loadReturningMark(Class<?> owner, String fileName) {
        Script script = load(owner, fileName, true);
        return new Script(script.name, script.text, script.sha1, true, true);
    }

    /** Loads a script from a resource of the owner's package. */
    public static Script load(Class<?> owner, String fileName, boolean repeatable) {
        return load("", owner, fileName, repeatable);
    }

    /**
     * Loads a script that calls functions which several scripts share.
     *
     * @param functions their text, as {@link #read} returns it
     */
    public static Script load(String functions, Class<?> owner, String fileName, boolean repeatable) {
        String text = functions + read(owner, fileName);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return new Script(fileName, text, HexFormat.of().formatHex(digest), repeatable);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-1", e);
        }
    }

    /** Returns the text of a resource of the owner's package. */
    public static String read(Class<?> owner, String fileName) {
        try (InputStream file = owner.getResourceAsStream(fileName)) {
            if (file == null) {
                throw new IllegalStateException(fileName + " is missing in the package of " + owner.getName());
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a builder for a call of this script on the server of a purpose. */
    public RedisCall.Builder on(RedisPurpose redisPurpose) {
        return new RedisCall.Builder(redisPurpose, this);
    }
}
