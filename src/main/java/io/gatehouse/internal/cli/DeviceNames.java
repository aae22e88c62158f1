package io.gatehouse.internal.cli;

import io.gatehouse.internal.ops.SessionViews.SessionView;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import ua_parser.OS;
import ua_parser.Parser;
import ua_parser.UserAgent;

/**
 * Names devices for people, such as {@code Firefox on Linux} for a {@code User-Agent} header. Not thread-safe.
 *
 * <p>The header is a claim of the client, and so is the name. The rules of uap-java are several hundred regular expressions, which a client
 * could make slow with a long header: only the first {@value #MAX_LENGTH} characters are matched, names are remembered for the last
 * {@value #MAX_NAMES} headers, and after {@link #MAX_DURATION} of matching, headers are shown as they are. The rules are read at the first
 * use.
 */
final class DeviceNames {
    private static final int MAX_LENGTH = 200;
    private static final int MAX_NAMES = 500;
    private static final Duration MAX_DURATION = Duration.ofSeconds(2);
    private static final String UNKNOWN = "Other";

    private final LongSupplier nanoTime;
    private @Nullable Parser parser;
    private long spentNanos;

    private final Map<String, String> names = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MAX_NAMES;
        }
    };

    DeviceNames() {
        this(System::nanoTime);
    }

    DeviceNames(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Returns the name of a session's device, or null if its client sent no {@code User-Agent}. */
    @Nullable
    String of(SessionView session) {
        String header = session.device();
        return header == null ? null : of(header);
    }

    /** Returns the name of a device: browser and system, one of both, or the header itself if neither is known. */
    String of(String header) {
        String matched = header.substring(0, Math.min(header.length(), MAX_LENGTH));
        String known = names.get(matched);
        if (known != null || spentNanos > MAX_DURATION.toNanos()) {
            return known == null ? header : known;
        }
        Parser ready = parser == null ? new Parser() : parser;
        parser = ready;
        long start = nanoTime.getAsLong();
        String name = name(ready, matched);
        spentNanos += nanoTime.getAsLong() - start;
        names.put(matched, name);
        return name;
    }

    int remembered() {
        return names.size();
    }

    private static String name(Parser ready, String header) {
        UserAgent browser = ready.parseUserAgent(header);
        OS system = ready.parseOS(header);
        String browserName = browser == null ? UNKNOWN : browser.family;
        String systemName = system == null ? UNKNOWN : system.family;
        if (browserName.equals(UNKNOWN)) {
            return systemName.equals(UNKNOWN) ? header : systemName;
        }
        return systemName.equals(UNKNOWN) ? browserName : browserName + " on " + systemName;
    }
}
