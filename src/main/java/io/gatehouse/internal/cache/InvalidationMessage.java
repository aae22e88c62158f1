package io.gatehouse.internal.cache;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A message from one node to all others: {@code <sequence> <bucket> <node> <request> <kind> <region> <rest>} in UTF-8, with {@code -} for
 * what is not there; the script that changes Redis puts the number in front, with an {@code n} before it where
 * the sequence begins. An {@code ack} has sequence 0 and is not counted.
 *
 * @param request the request that nodes acknowledge, empty for none
 * @param rest a key, a tag or a pattern
 */
record InvalidationMessage(int bucket, String node, String request, Kind kind, String region, String rest) {

    /** What the message is about. */
    enum Kind {
        KEY,
        TAG,
        PATTERN,
        ACK;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static @Nullable Kind of(String word) {
            for (Kind kind : values()) {
                if (kind.word().equals(word)) {
                    return kind;
                }
            }
            return null;
        }
    }

    /**
     * A message as it came.
     *
     * @param first whether the sequence begins with it
     */
    record Numbered(long sequence, boolean first, InvalidationMessage message) {}

    /** Returns the message without its number. */
    String text() {
        String asked = request.isEmpty() ? "-" : request;
        return bucket + " " + node + ' ' + asked + ' ' + kind.word() + ' ' + region + ' ' + rest;
    }

    /** Reads a message; null if it has another form. */
    static @Nullable Numbered read(byte[] bytes) {
        String[] words = new String(bytes, StandardCharsets.UTF_8).split(" ", 7);
        Kind kind = words.length == 7 ? Kind.of(words[4]) : null;
        if (kind == null) {
            return null;
        }
        try {
            int bucket = Integer.parseInt(words[1]);
            if (bucket < 0 || bucket >= CacheKeys.BUCKETS) {
                return null;
            }
            String request = words[3].equals("-") ? "" : words[3];
            boolean first = words[0].startsWith("n");
            long sequence = Long.parseLong(first ? words[0].substring(1) : words[0]);
            return new Numbered(
                    sequence, first, new InvalidationMessage(bucket, words[2], request, kind, words[5], words[6]));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
