package io.gatehouse.internal.admin;

import io.gatehouse.internal.clientaddress.ClientAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes the audit log {@code io.gatehouse.audit}: one line of {@code key=value} pairs for each change and each refused call, at INFO
 * if it succeeded and at WARNING if not. Values are percent-encoded except for letters, digits and a few marks, so that no value can
 * forge a line or a pair. Users and keys, which may identify people, appear only as a keyed hash, the same that names a user in Redis
 * keys. Callers with the role appear by name. Tokens, session ids and cookies never appear. Thread-safe.
 */
final class AuditLog {
    static final String NAME = "io.gatehouse.audit";
    static final String ANONYMOUS = "none";

    private static final System.Logger LOG = System.getLogger(NAME);
    private static final String PLAIN = "-_.:/@+";
    private static final int MAX_VALUE_LENGTH = 128;

    private final UnaryOperator<String> pseudonym;

    /** @param pseudonym returns a keyed hash of a user or another text */
    AuditLog(UnaryOperator<String> pseudonym) {
        this.pseudonym = pseudonym;
    }

    /** The members that describe one call. Not thread-safe. */
    final class Entry {
        private final Map<String, String> members = new LinkedHashMap<>();

        /** Adds a member that may be shown to every reader of the log. */
        void add(String name, @Nullable Object value) {
            if (value != null) {
                members.put(name, value.toString());
            }
        }

        /** Adds the hash of a value that may identify a person. */
        void addHashed(String name, @Nullable String value) {
            if (value != null) {
                members.put(name, pseudonym.apply(value));
            }
        }
    }

    Entry entry() {
        return new Entry();
    }

    /** Logs a call that was not admitted. */
    void refused(String actor, String reason, AdminProblemType type, ClientAddress address) {
        Entry entry = new Entry();
        entry.add("reason", reason);
        write(actor, "authenticate", entry, type.status(), address);
    }

    /** Logs the outcome of a call that changes something. */
    void write(String actor, String action, Entry entry, int status, ClientAddress address) {
        boolean done = status < 400;
        Map<String, String> line = new LinkedHashMap<>();
        line.put("actor", actor);
        line.put("action", action);
        line.putAll(entry.members);
        line.put("outcome", done ? "done" : status < 500 ? "refused" : "failed");
        line.put("status", Integer.toString(status));
        line.put("address", address.toString());
        LOG.log(
                done ? System.Logger.Level.INFO : System.Logger.Level.WARNING,
                line.entrySet().stream()
                        .map(member -> member.getKey() + '=' + encoded(member.getValue()))
                        .collect(Collectors.joining(" ")));
    }

    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b :
                text.substring(0, Math.min(text.length(), MAX_VALUE_LENGTH)).getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0)) {
                encoded.append(c);
            } else {
                encoded.append(String.format(Locale.ROOT, "%%%02X", (int) c));
            }
        }
        return encoded.toString();
    }
}
