package io.gatehouse.internal.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A Lua script that runs as one step on the server. Its text never changes while the application runs and is never built
 * from input.
 *
 * @param repeatable whether running it twice leaves the same as running it once, so that it may be sent again when a
 *     connection breaks before the reply arrives
 */
public record Script(String name, String text, String sha1, boolean repeatable) implements Operation {

    /** The script in a file beside a class. */
    public static Script load(Class<?> owner, String fileName, boolean repeatable) {
        try (InputStream file = owner.getResourceAsStream(fileName)) {
            if (file == null) {
                throw new IllegalStateException(fileName + " is missing beside " + owner.getName());
            }
            byte[] text = file.readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text);
            return new Script(
                    fileName,
                    new String(text, StandardCharsets.UTF_8),
                    HexFormat.of().formatHex(digest),
                    repeatable);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-1", e);
        }
    }

    /** Starts a call of this script on the server of a purpose. */
    public RedisCall.Builder on(RedisPurpose redisPurpose) {
        return new RedisCall.Builder(redisPurpose, this);
    }
}
