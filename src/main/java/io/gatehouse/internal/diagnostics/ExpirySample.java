package io.gatehouse.internal.diagnostics;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.redis.ScriptArgs;
import io.gatehouse.internal.redis.probe.ServerDiagnostics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks for keys of Gatehouse that never expire, in a sample of each database: at most {@value #MAX_KEYS} keys, for about {@link
 * #MAX_DURATION}. Reports the kinds of such keys and never their names, which can contain names of users. Changes nothing.
 *
 * <pre>
 * SCAN 0 MATCH gatehouse:* COUNT 1000
 * EVALSHA ttl.lua 1 gatehouse:{shop.7}:s:...      (PTTL)
 * </pre>
 */
final class ExpirySample {
    static final int MAX_KEYS = 1000;

    private static final Script TTL = Script.load(ExpirySample.class, "ttl.lua", true);
    private static final Duration MAX_DURATION = Duration.ofMillis(300);
    private static final long NEVER = -1;
    private static final Pattern SPECIAL = Pattern.compile("[\\[\\]\\\\^*?]");
    private static final Pattern KIND = Pattern.compile("[^{]*:\\{[^}]*}(:[a-z]{1,2})(?::.*)?", Pattern.DOTALL);

    private final Redis redis;
    private final String keyPrefix;
    private final Findings findings;

    ExpirySample(Redis redis, String keyPrefix, Findings findings) {
        this.redis = redis;
        this.keyPrefix = keyPrefix;
        this.findings = findings;
    }

    /** Takes a sample of each database that a server has for Gatehouse. */
    void check(ServerDiagnostics server) {
        Map<Integer, List<RedisPurpose>> databases = new LinkedHashMap<>();
        server.purposes()
                .forEach(purpose -> databases
                        .computeIfAbsent(server.databases().getOrDefault(purpose, 0), database -> new ArrayList<>())
                        .add(purpose));
        databases.values().forEach(purposes -> {
            String subject = purposes.stream().map(RedisPurpose::label).collect(Collectors.joining(", "));
            try {
                String found = sample(purposes.get(0));
                findings.addIf(found != null, CheckId.KEYS_NEVER_EXPIRE, subject, found == null ? "" : found);
            } catch (GatehouseException e) {
                findings.add(
                        CheckId.NOT_CHECKED,
                        subject,
                        CheckId.KEYS_NEVER_EXPIRE.id() + ", because of: " + e.getMessage());
            }
        });
    }

    private @Nullable String sample(RedisPurpose purpose) {
        List<byte[]> sample = new ArrayList<>();
        long start = System.nanoTime();
        byte[] pattern = ScriptArgs.encode(SPECIAL.matcher(keyPrefix).replaceAll("\\\\$0") + ":*");
        redis.scan(purpose, pattern, page -> {
            sample.addAll(page.subList(0, Math.min(page.size(), MAX_KEYS - sample.size())));
            return sample.size() < MAX_KEYS && System.nanoTime() - start < MAX_DURATION.toNanos();
        });
        Pipeline reading = new Pipeline();
        List<Response<Long>> replies = sample.stream()
                .map(key -> reading.add(TTL.on(purpose).keys(key).reply(ReplyReader::number)))
                .toList();
        redis.send(reading);
        long lasting = 0;
        TreeSet<String> kinds = new TreeSet<>();
        for (int i = 0; i < sample.size(); i++) {
            if (replies.get(i).get() == NEVER) {
                lasting++;
                kinds.add(kind(sample.get(i)));
            }
        }
        return lasting == 0
                ? null
                : lasting + " of " + sample.size() + " sampled keys have no time to live; kinds: "
                        + String.join(", ", kinds);
    }

    /** Returns the kind of a key as the contract lists it, such as {@code :s}. */
    private static String kind(byte[] key) {
        Matcher matcher = KIND.matcher(new String(key, StandardCharsets.UTF_8));
        return matcher.matches() ? matcher.group(1) : "other";
    }
}
