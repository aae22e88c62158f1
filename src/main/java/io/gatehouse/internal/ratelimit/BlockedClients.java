package io.gatehouse.internal.ratelimit;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.ratelimit.BlockedClient;
import io.gatehouse.ratelimit.RequestRefusedEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The list of the clients that rules and the login protection refuse now. Counters are hashes, which cannot be read back, so the list
 * stores what a counter counts, encrypted, from the refusal until its end. Thread-safe.
 *
 * <p>A refusal costs the request no round trip: it is queued, once for each counter, and {@link #publish} stores the
 * queue with the next heartbeat. The list has
 * at most {@link #MOST_STORED} entries; beyond that, those that end first are dropped. Refusals of less than a second are not listed.
 *
 * <p>Keys: {@code <prefix>:{r.<application>}blocked}, a sorted set of counters by the end of the block, and {@code ...blocked-clients}, a
 * hash from counter to {@code <kid>.<sealed text>}. Scripts: {@code block.lua} (TIME, ZADD, HSET, ZRANGEBYSCORE, ZREM, HDEL, ZCARD,
 * ZRANGE, PEXPIRE), {@code blocked.lua} (TIME, ZREVRANGEBYSCORE, ZSCORE, HMGET), {@code unblock.lua} (HDEL, ZREM).
 */
public final class BlockedClients {
    /** The most clients that one call returns. */
    public static final int MOST_LISTED = 1_000;

    static final int MOST_STORED = 10_000;
    private static final int BATCH = 500;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Script BLOCK = Script.load(BlockedClients.class, "block.lua", true);
    private static final Script BLOCKED = Script.load(BlockedClients.class, "blocked.lua", true);
    private static final Script UNBLOCK = Script.load(BlockedClients.class, "unblock.lua", true);

    private final Redis redis;
    private final KeyRing keys;
    private final byte[] application;
    private final String[] redisKeys;
    private final LongSupplier nanoTime;
    private final SecurityEvents events;
    private final Map<String, Block> pending = new ConcurrentHashMap<>();

    /** A refusal that is not stored yet, and its end by {@code nanoTime}. */
    private record Block(BlockedCounter counter, long end) {}

    /** An entry of the list. */
    private record Entry(BlockedCounter counter, Instant end) {}

    BlockedClients(Redis redis, KeyRing keys, String keyPrefix, String application, LongSupplier nanoTime) {
        this.redis = redis;
        this.keys = keys;
        this.application = application.getBytes(StandardCharsets.UTF_8);
        String key = keyPrefix + ":{r." + application + "}blocked";
        this.redisKeys = new String[] {key, key + "-clients"};
        this.nanoTime = nanoTime;
        this.events = new SecurityEvents(nanoTime);
    }

    /** Notes that a counter refuses its client for a time. */
    void note(CounterCharge charge, Duration wait) {
        if (wait.compareTo(SHORTEST) >= 0) {
            BlockedCounter counter = BlockedCounter.of(charge);
            note(counter, wait);
            events.publish(
                    counter.id(),
                    wait,
                    () -> new RequestRefusedEvent(counter.rule(), counter.scope(), counter.key(), counter.id(), wait));
        }
    }

    /** Returns the events that observers of the application get. */
    public SecurityEvents events() {
        return events;
    }

    /** Notes that an account, given as its keyed hash, is locked for a time. */
    public void noteAccount(String account, Duration wait) {
        if (wait.compareTo(SHORTEST) >= 0) {
            note(BlockedCounter.ofAccount(account), wait);
        }
    }

    private void note(BlockedCounter counter, Duration wait) {
        if (pending.size() < MOST_STORED || pending.containsKey(counter.id())) {
            pending.put(counter.id(), new Block(counter, nanoTime.getAsLong() + wait.toNanos()));
        }
    }

    /**
     * Adds the calls that store the queued refusals to a pipeline; none if there are none. They stay in the queue until they are stored, so
     * that another thread that lists the clients meanwhile stores them as well, and none is lost if this fails.
     *
     * @return what the caller runs once the pipeline was sent
     */
    Runnable publish(Pipeline pipeline) {
        List<Block> queued = new ArrayList<>();
        pending.forEach((id, block) -> {
            if (block.end() - nanoTime.getAsLong() > 0) {
                queued.add(block);
            } else {
                pending.remove(id, block);
            }
        });
        List<Runnable> sent = new ArrayList<>();
        for (int i = 0; i < queued.size(); i += BATCH) {
            List<Block> batch = queued.subList(i, Math.min(i + BATCH, queued.size()));
            Response<Long> reply = pipeline.add(store(batch));
            sent.add(() -> {
                if (reply.fault() == null) {
                    batch.forEach(block -> pending.remove(block.counter().id(), block));
                }
            });
        }
        return () -> sent.forEach(Runnable::run);
    }

    private RedisCall<Long> store(List<Block> batch) {
        return BLOCK.on(RedisPurpose.RATE_LIMIT)
                .keys(redisKeys)
                .args(args -> {
                    args.number(MOST_STORED);
                    for (Block block : batch) {
                        args.text(block.counter().id())
                                .millis(Duration.ofNanos(Math.max(0, block.end() - nanoTime.getAsLong())))
                                .bytes(seal(block.counter()));
                    }
                })
                .reply(ReplyReader::number);
    }

    /**
     * Returns the clients that are blocked now, those that are blocked longest first.
     *
     * @param limit the most clients, from 1 to {@link #MOST_LISTED}
     * @throws IllegalArgumentException if the limit is out of range
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time
     */
    public List<BlockedClient> list(int limit) {
        if (limit < 1 || limit > MOST_LISTED) {
            throw new IllegalArgumentException("a limit from 1 to " + MOST_LISTED + ", not " + limit);
        }
        return read(limit, "").stream()
                .map(entry -> new BlockedClient(
                        entry.counter().rule(),
                        entry.counter().scope(),
                        entry.counter().key(),
                        entry.counter().id(),
                        entry.end()))
                .toList();
    }

    /** Returns a counter of the list, or null if the list does not have it. */
    @Nullable
    BlockedCounter find(String id) {
        return id.isEmpty()
                ? null
                : read(1, id).stream().map(Entry::counter).findFirst().orElse(null);
    }

    private List<Entry> read(int limit, String id) {
        Pipeline storing = new Pipeline();
        Runnable sent = publish(storing);
        if (!storing.isEmpty()) { // not in one round trip: a script that Redis does not know yet runs after the others
            redis.send(storing);
            sent.run();
        }
        return redis.send(BLOCKED.on(RedisPurpose.RATE_LIMIT)
                .keys(redisKeys)
                .args(args -> args.number(limit).text(id))
                .reply(reader -> entries(reader.list())));
    }

    private List<Entry> entries(ReplyReader reply) {
        List<Entry> entries = new ArrayList<>();
        while (reply.hasNext()) {
            String id = reply.text();
            Instant end = Instant.ofEpochMilli((long) Double.parseDouble(reply.text()));
            if (reply.isNil()) {
                reply.storedNumber(0); // skips it
                continue;
            }
            BlockedCounter counter = open(id, reply.bytes());
            if (counter != null) {
                entries.add(new Entry(counter, end));
            }
        }
        return entries;
    }

    /** Removes counters from the queue of this node, and adds the call that removes them from the list to a pipeline. */
    void remove(Collection<String> ids, Pipeline pipeline) {
        if (!ids.isEmpty()) {
            ids.forEach(pending::remove);
            Response<Long> unused = pipeline.add(UNBLOCK.on(RedisPurpose.RATE_LIMIT)
                    .keys(redisKeys)
                    .args(args -> args.texts(ids))
                    .reply(ReplyReader::number));
        }
    }

    /** Removes an account, given as its keyed hash, like {@link #remove}. */
    public void removeAccount(String account, Pipeline pipeline) {
        remove(List.of(account), pipeline);
    }

    private byte[] seal(BlockedCounter counter) {
        String kid = keys.currentKid();
        byte[] id = counter.id().getBytes(StandardCharsets.UTF_8);
        byte[] sealed = keys.seal(kid, context(id), id, counter.encode());
        byte[] prefix = (kid + '.').getBytes(StandardCharsets.UTF_8);
        byte[] whole = Arrays.copyOf(prefix, prefix.length + sealed.length);
        System.arraycopy(sealed, 0, whole, prefix.length, sealed.length);
        return whole;
    }

    /** Returns the counter of an entry, or null if the entry is forged or sealed by a key that is no longer known. */
    private @Nullable BlockedCounter open(String id, byte[] whole) {
        int dot = 0;
        while (dot < whole.length && whole[dot] != '.') {
            dot++;
        }
        if (dot == whole.length) {
            return null;
        }
        byte[] name = id.getBytes(StandardCharsets.UTF_8);
        byte[] text = keys.open(
                new String(whole, 0, dot, StandardCharsets.UTF_8),
                context(name),
                name,
                Arrays.copyOfRange(whole, dot + 1, whole.length));
        return text == null ? null : BlockedCounter.decode(id, text);
    }

    /** Returns what the encryption key of an entry is derived for. */
    private byte[] context(byte[] id) {
        byte[] start = "blocked ".getBytes(StandardCharsets.UTF_8);
        byte[] context = Arrays.copyOf(start, start.length + id.length + 1 + application.length);
        System.arraycopy(id, 0, context, start.length, id.length);
        context[start.length + id.length] = ' ';
        System.arraycopy(application, 0, context, start.length + id.length + 1, application.length);
        return context;
    }
}
