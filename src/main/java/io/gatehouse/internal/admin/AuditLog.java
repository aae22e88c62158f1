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
 * What was done and refused, one line of {@code key=value} each, in the log {@code io.gatehouse.audit}: INFO for what was done,
 * WARNING for what was not. Values are percent-encoded but for letters, digits and a few marks, so that nobody can put a line or a
 * member into it. Users and keys, which may be people, are there by a keyed hash only, the one by which Redis' keys name a user;
 * those who act with a role are there by name. No token, session id or cookie ever is. Safe for use by several threads.
 */
final class AuditLog {
    static final String NAME = "io.gatehouse.audit";
    static final String NOBODY = "none";

    private static final System.Logger LOG = System.getLogger(NAME);
    private static final String PLAIN = "-_.:/@+";
    private static final int LONGEST = 128;

    private final UnaryOperator<String> pseudonym;

    /** @param pseudonym a keyed hash of a user, or of anything else */
    AuditLog(UnaryOperator<String> pseudonym) {
        this.pseudonym = pseudonym;
    }

    /** What one call is about, for its line. For one thread. */
    final class Entry {
        private final Map<String, String> members = new LinkedHashMap<>();

        /** Adds what may be read by anybody who reads logs. */
        void note(String name, @Nullable Object value) {
            if (value != null) {
                members.put(name, value.toString());
            }
        }

        /** Adds what may name a person, as a hash. */
        void noteHidden(String name, @Nullable String value) {
            if (value != null) {
                members.put(name, pseudonym.apply(value));
            }
        }
    }

    Entry entry() {
        return new Entry();
    }

    /** A call was not let in. */
    void refused(String actor, String reason, AdminProblemType type, ClientAddress address) {
        Entry entry = new Entry();
        entry.note("reason", reason);
        write(actor, "authenticate", entry, type.status(), address);
    }

    /** A call that changes something was answered. */
    void write(String actor, String action, Entry about, int status, ClientAddress address) {
        boolean done = status < 400;
        Map<String, String> line = new LinkedHashMap<>();
        line.put("actor", actor);
        line.put("action", action);
        line.putAll(about.members);
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
        for (byte b : text.substring(0, Math.min(text.length(), LONGEST)).getBytes(StandardCharsets.UTF_8)) {
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
