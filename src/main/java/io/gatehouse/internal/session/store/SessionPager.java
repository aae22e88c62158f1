package io.gatehouse.internal.session.store;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.session.store.SessionSummaryReader.SessionSummary;
import io.gatehouse.internal.session.token.KeyNames;
import io.gatehouse.session.SessionInfo;
import io.gatehouse.session.SessionPage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Lists all sessions of an application page by page. A page takes three round trips, whatever the number of sessions. A session that
 * exists during the whole iteration is on at least one page. Script: {@code page.lua} (ZSCAN). Thread-safe.
 *
 * <p>A cursor consists of the number of a bucket, a dot, and the {@code ZSCAN} cursor in this bucket.
 */
public final class SessionPager {
    static final int MOST = 1000;

    private static final Script PAGE = Script.load(SessionPager.class, "page.lua", true);
    private static final Pattern CURSOR = Pattern.compile("(\\d{1,2})\\.(\\d{1,20})");
    private static final String START = "0";

    private final Redis redis;
    private final KeyNames keyNames;
    private final ExpiryIndex expiryIndex;
    private final SessionSummaryReader sessionSummaryReader;

    public SessionPager(
            Redis redis, KeyNames keyNames, ExpiryIndex expiryIndex, SessionSummaryReader sessionSummaryReader) {
        this.redis = redis;
        this.keyNames = keyNames;
        this.expiryIndex = expiryIndex;
        this.sessionSummaryReader = sessionSummaryReader;
    }

    private record Position(int bucket, String cursor) {
        static Position parse(String text) {
            Matcher matcher = CURSOR.matcher(text);
            if (matcher.matches() && Integer.parseInt(matcher.group(1)) < KeyNames.BUCKETS) {
                return new Position(Integer.parseInt(matcher.group(1)), matcher.group(2));
            }
            if (text.isEmpty()) {
                return new Position(0, START);
            }
            throw new IllegalArgumentException("invalid cursor; use the `next` value of the previous page");
        }
    }

    /**
     * Returns a page.
     *
     * @throws IllegalArgumentException if the cursor is invalid, or the limit is not from 1 to {@value #MOST}
     */
    public SessionPage page(String cursor, int limit) {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("the limit is " + limit + "; expected 1 to " + MOST);
        }
        Position from = Position.parse(cursor);
        int upTo = from.cursor().equals(START) ? lastBucketFor(from.bucket(), limit) : from.bucket();
        Pipeline scanning = new Pipeline();
        Map<Integer, Response<List<String>>> scans = new LinkedHashMap<>();
        for (int bucket = from.bucket(); bucket <= upTo; bucket++) {
            String start = bucket == from.bucket() ? from.cursor() : START;
            scans.put(bucket, scanning.add(scan(bucket, start, limit)));
        }
        redis.send(scanning);

        Pipeline reading = new Pipeline();
        List<Response<@Nullable SessionSummary>> seen = new ArrayList<>();
        String next = upTo + 1 < KeyNames.BUCKETS ? (upTo + 1) + "." + START : null;
        for (Map.Entry<Integer, Response<List<String>>> scan : scans.entrySet()) {
            List<String> reply = scan.getValue().get();
            reply.subList(1, reply.size()).stream()
                    .distinct()
                    .forEach(lookup ->
                            seen.add(reading.add(sessionSummaryReader.summaryAt(keyNames, scan.getKey(), lookup))));
            if (!reply.get(0).equals(START)) {
                next = scan.getKey() + "." + reply.get(0); // the next page continues with this bucket
                break;
            }
        }
        redis.send(reading);
        List<SessionInfo> sessions = new ArrayList<>();
        for (Response<@Nullable SessionSummary> response : seen) {
            SessionSummary sessionSummary = response.get();
            if (sessionSummary != null) {
                sessions.add(SessionInfoFactory.info(sessionSummary));
            }
        }
        return new SessionPage(sessions, next);
    }

    /** Returns the last of the buckets that together hold at least the limit. */
    private int lastBucketFor(int first, int limit) {
        Pipeline counting = new Pipeline();
        List<Response<Long>> counts = IntStream.range(first, KeyNames.BUCKETS)
                .mapToObj(bucket -> counting.add(expiryIndex.count(bucket)))
                .toList();
        redis.send(counting);
        long found = 0;
        for (int i = 0; i < counts.size(); i++) {
            found += counts.get(i).get();
            if (found >= limit) {
                return first + i;
            }
        }
        return KeyNames.BUCKETS - 1;
    }

    private RedisCall<List<String>> scan(int bucket, String cursor, int limit) {
        return PAGE.on(RedisPurpose.SESSIONS)
                .keys(keyNames.indexKey(bucket))
                .args(args -> args.text(cursor).number(limit))
                .reply(ReplyReader::texts);
    }
}
