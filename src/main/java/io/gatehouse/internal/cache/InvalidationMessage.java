package io.gatehouse.internal.cache;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A message from one node to all others. Its text in UTF-8 is {@code <sequence> <bucket> <node> <request> <kind> <region> <rest>},
 * with {@code -} for an absent field. The script that changes Redis prepends the sequence number, with the prefix {@code n} if the
 * sequence starts with it. An {@code ack} has sequence 0 and is not counted. Immutable.
 *
 * @param request the id of the request that nodes acknowledge; empty if no acknowledgement is expected
 * @param rest the key, the tag or the pattern
 */
record InvalidationMessage(int bucket, String node, String request, Kind kind, String region, String rest) {

    /** The kind of a message. */
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
     * A received message with its sequence number.
     *
     * @param first whether the sequence starts with this message
     */
    record Numbered(long sequence, boolean first, InvalidationMessage message) {}

    /** Returns the text of the message without its sequence number. */
    String text() {
        String requestOrDash = request.isEmpty() ? "-" : request;
        return bucket + " " + node + ' ' + requestOrDash + ' ' + kind.word() + ' ' + region + ' ' + rest;
    }

    /** Parses a message; returns null if it is not an invalidation message. */
    static @Nullable Numbered parse(byte[] bytes) {
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
