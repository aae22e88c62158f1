package io.gatehouse.session;

import io.gatehouse.redis.Call;
import io.gatehouse.redis.Flight;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.Reply;
import io.gatehouse.redis.ReplyReader;
import io.gatehouse.redis.Script;
import io.gatehouse.session.Glances.Glance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All sessions of an application, page after page; three round trips for a page, however many sessions there are. A session
 * that lives all the while is on at least one page. Script: {@code page.lua} (ZSCAN).
 *
 * <p>A cursor is the number of a bucket, a dot, and where {@code ZSCAN} is in it.
 */
final class Pages {
    static final int MOST = 1000;

    private static final Script PAGE = Script.beside(Pages.class, "page.lua", true);
    private static final Pattern CURSOR = Pattern.compile("(\\d{1,2})\\.(\\d{1,20})");
    private static final String START = "0";

    private final Redis redis;
    private final KeySpace keySpace;
    private final Buckets buckets;
    private final Glances glances;

    Pages(Redis redis, KeySpace keySpace, Buckets buckets, Glances glances) {
        this.redis = redis;
        this.keySpace = keySpace;
        this.buckets = buckets;
        this.glances = glances;
    }

    private record Position(int bucket, String cursor) {
        static Position parse(String text) {
            Matcher matcher = CURSOR.matcher(text);
            if (matcher.matches() && Integer.parseInt(matcher.group(1)) < KeySpace.BUCKETS) {
                return new Position(Integer.parseInt(matcher.group(1)), matcher.group(2));
            }
            if (text.isEmpty()) {
                return new Position(0, START);
            }
            throw new IllegalArgumentException("this is no cursor; expected the one that came with the page before");
        }
    }

    /** @throws IllegalArgumentException if the cursor is none, or the limit is not from 1 to {@value #MOST} */
    SessionPage page(String cursor, int limit) {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("the limit is " + limit + "; expected 1 to " + MOST);
        }
        Position from = Position.parse(cursor);
        int upTo = from.cursor().equals(START) ? enough(from.bucket(), limit) : from.bucket();
        Flight scanning = new Flight();
        Map<Integer, Reply<List<String>>> scans = new LinkedHashMap<>();
        for (int bucket = from.bucket(); bucket <= upTo; bucket++) {
            String start = bucket == from.bucket() ? from.cursor() : START;
            scans.put(bucket, scanning.add(scan(bucket, start, limit)));
        }
        redis.send(scanning);

        Flight looking = new Flight();
        List<Reply<@Nullable Glance>> seen = new ArrayList<>();
        String next = upTo + 1 < KeySpace.BUCKETS ? (upTo + 1) + "." + START : null;
        for (Map.Entry<Integer, Reply<List<String>>> scan : scans.entrySet()) {
            List<String> reply = scan.getValue().value();
            reply.subList(1, reply.size()).stream()
                    .distinct()
                    .forEach(lookup -> seen.add(looking.add(glances.filed(keySpace, scan.getKey(), lookup))));
            if (!reply.get(0).equals(START)) {
                next = scan.getKey() + "." + reply.get(0); // those behind are looked at the next time
                break;
            }
        }
        redis.send(looking);
        List<SessionInfo> sessions = new ArrayList<>();
        for (Reply<@Nullable Glance> reply : seen) {
            Glance glance = reply.value();
            if (glance != null) {
                sessions.add(SessionViews.info(glance));
            }
        }
        return new SessionPage(sessions, next);
    }

    /** The last of the buckets that together have about as many as wanted. */
    private int enough(int first, int limit) {
        Flight counting = new Flight();
        List<Reply<Long>> counts = IntStream.range(first, KeySpace.BUCKETS)
                .mapToObj(bucket -> counting.add(buckets.count(bucket)))
                .toList();
        redis.send(counting);
        long found = 0;
        for (int i = 0; i < counts.size(); i++) {
            found += counts.get(i).value();
            if (found >= limit) {
                return first + i;
            }
        }
        return KeySpace.BUCKETS - 1;
    }

    private Call<List<String>> scan(int bucket, String cursor, int limit) {
        return PAGE.on(Purpose.SESSIONS)
                .keys(keySpace.indexKey(bucket))
                .args(args -> args.text(cursor).number(limit))
                .reply(ReplyReader::texts);
    }
}
