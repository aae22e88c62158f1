package io.gatehouse.internal.session;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.serialization.ClassPolicy;
import io.gatehouse.internal.serialization.JsonMapper;
import io.gatehouse.internal.serialization.ValueCodec;
import io.gatehouse.internal.serialization.ValueLimits;
import io.gatehouse.internal.session.lease.SessionLeases;
import io.gatehouse.internal.session.store.RecordSize;
import io.gatehouse.internal.session.store.ReplicaAcknowledgement;
import io.gatehouse.internal.session.token.KeyNames;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The session settings of one application. Immutable.
 *
 * @param application the name of the application; all its nodes share it, and no other application may use it
 * @param keyPrefix the prefix of all Redis keys
 * @param lifetimes the lifetimes of sessions
 * @param limit the limit of sessions per user
 * @param expiryGrace the time for which a record outlives its session, so that listeners can read it
 * @param encrypt whether attributes are encrypted
 * @param serialization the classes that Java serialization may create
 * @param allowedClasses the allowed classes, for {@link Serialization#LISTED}
 * @param jsonTypes the names of classes that are stored as JSON
 * @param notStorable the handling of values that cannot be stored
 * @param localAttributes the names of attributes and of classes whose values are kept on their node
 * @param distributable whether web.xml contains {@code <distributable/>}
 * @param valueLimits the limits of one value
 * @param maxBytes the maximum size of a session in Redis, in bytes
 * @param replicas the number of replicas that should confirm an end
 * @param replicasForAll whether replicas should also confirm all other writes
 * @param reads how sessions are read
 */
public record SessionSettings(
        String application,
        String keyPrefix,
        SessionLifetimes lifetimes,
        SessionLimit.Rule limit,
        Duration expiryGrace,
        boolean encrypt,
        Serialization serialization,
        List<String> allowedClasses,
        List<String> jsonTypes,
        NotStorablePolicy notStorable,
        List<String> localAttributes,
        boolean distributable,
        ValueLimits valueLimits,
        int maxBytes,
        int replicas,
        boolean replicasForAll,
        Reads reads) {

    /** How sessions are read. */
    public enum Reads {
        /** Every request reads the session from Redis. */
        STRICT,
        /** A node that has read a session may answer from its copy for up to two seconds, under a lease. */
        LEASED
    }

    /** The classes that Java serialization may create. */
    public enum Serialization {
        /** All classes of signed values, except known gadgets. */
        SIGNED,
        /** Only the configured classes. */
        LISTED
    }

    /** The handling of values that cannot be stored. */
    public enum NotStorablePolicy {
        /**
         * {@link #REFUSE} if web.xml contains {@code <distributable/>}, otherwise {@link #KEEP}: Servlet 6.0, section 7.7.2 requires the
         * exception only in distributable applications.
         */
        AUTO,
        /** {@code setAttribute} throws {@link IllegalArgumentException}. */
        REFUSE,
        /** The value is kept on this node only. */
        KEEP
    }

    /** The setting that names the application. */
    public static final Setting<String> APPLICATION = Setting.text(
            "GATEHOUSE_APPLICATION",
            "",
            "The name of the application that owns the sessions: equal on all nodes of one application, and different from any other application. The default is the context path.");

    static final Setting<String> KEY_PREFIX =
            Setting.text("GATEHOUSE_KEY_PREFIX", "gatehouse", "The prefix of all keys in Redis.");
    static final Setting<Duration> EXPIRY_GRACE = Setting.duration(
            "GATEHOUSE_SESSION_EXPIRY_GRACE",
            "24h",
            "The time for which Redis keeps the record of an expired session, unless the session reaper removes it before.");
    static final Setting<Boolean> ENCRYPTION =
            Setting.flag("GATEHOUSE_SESSION_ENCRYPTION", false, "Encrypt attributes in Redis (AES-256-GCM).");
    static final Setting<Serialization> SERIALIZATION = Setting.choice(
            "GATEHOUSE_SESSION_SERIALIZATION",
            Serialization.SIGNED,
            "The classes that Java deserialization may create: all classes of values that Gatehouse has signed (`signed`), or only those in GATEHOUSE_SESSION_ALLOWED_CLASSES (`listed`). Known gadgets are never allowed.");
    static final Setting<List<String>> ALLOWED_CLASSES = Setting.list(
            "GATEHOUSE_SESSION_ALLOWED_CLASSES",
            "",
            "Class names and packages, separated by commas: `com.acme.*` is a package, `com.acme.**` includes its subpackages.");
    static final Setting<List<String>> JSON_TYPES = Setting.list(
            "GATEHOUSE_SESSION_JSON_TYPES",
            "",
            "The names of classes whose values are stored as JSON (JSON-B) instead of Java serialization.");
    static final Setting<Integer> VALUE_MAX_DEPTH = Setting.number(
            "GATEHOUSE_SESSION_VALUE_MAX_DEPTH",
            ValueLimits.DEFAULT.depth(),
            50,
            ValueLimits.DEEPEST,
            "The maximum nesting depth of objects in an attribute value. setAttribute refuses deeper values.");
    static final Setting<Integer> VALUE_MAX_OBJECTS = Setting.number(
            "GATEHOUSE_SESSION_VALUE_MAX_OBJECTS",
            ValueLimits.DEFAULT.objects(),
            1_000,
            100_000_000,
            "The maximum number of objects in an attribute value. setAttribute refuses larger values.");
    static final Setting<Integer> VALUE_MAX_BYTES = Setting.number(
            "GATEHOUSE_SESSION_VALUE_MAX_BYTES",
            ValueLimits.DEFAULT.bytes(),
            64 << 10,
            ValueLimits.WIDEST.bytes(),
            "The maximum size of an attribute value in bytes. setAttribute refuses larger values.");
    static final Setting<Integer> MAX_BYTES = Setting.number(
            "GATEHOUSE_SESSION_MAX_BYTES",
            32 << 20,
            128 << 10,
            ValueLimits.WIDEST.bytes(),
            "The maximum size of a session in Redis, in bytes. setAttribute refuses values that do not fit, and larger records are not read.");
    static final Setting<NotStorablePolicy> NOT_STORABLE = Setting.choice(
            "GATEHOUSE_SESSION_NOT_SERIALIZABLE",
            NotStorablePolicy.AUTO,
            "The reaction of setAttribute to a value that is not serializable: throw an exception (`refuse`), keep the value on this node only (`keep`), or throw if web.xml contains `<distributable/>` and keep otherwise (`auto`).");
    static final Setting<List<String>> LOCAL_ATTRIBUTES = Setting.list(
            "GATEHOUSE_SESSION_LOCAL_ATTRIBUTES",
            "",
            "Attributes that are kept on the node that sets them, by attribute name or class name; a `*` at the end matches any suffix: `liveFeed, com.example.net.*`. They are not written to Redis, and other nodes do not have them.");

    static final Setting<Reads> READS = Setting.choice(
            "GATEHOUSE_SESSION_READS",
            Reads.STRICT,
            "How sessions are read: from Redis in every request (`strict`), or from a verified copy for up to two seconds under a lease (`leased`). Either way every request sees what was acknowledged before; with leases, a change waits until the other nodes have let go of their copies.");

    /** All session settings. */
    public static final List<Setting<?>> ALL = Stream.of(
                    List.of(APPLICATION, KEY_PREFIX),
                    SessionLifetimes.ALL,
                    SessionLimit.Rule.ALL,
                    List.of(
                            ReplicaAcknowledgement.REPLICAS,
                            ReplicaAcknowledgement.REPLICAS_FOR,
                            READS,
                            EXPIRY_GRACE,
                            ENCRYPTION,
                            SERIALIZATION,
                            ALLOWED_CLASSES,
                            JSON_TYPES,
                            NOT_STORABLE,
                            LOCAL_ATTRIBUTES,
                            VALUE_MAX_DEPTH,
                            VALUE_MAX_OBJECTS,
                            VALUE_MAX_BYTES,
                            MAX_BYTES))
            .<Setting<?>>flatMap(List::stream)
            .toList();

    /** Reads the settings of an application without {@code <distributable/>}. */
    public static SessionSettings from(Config config, String contextPath) {
        return from(config, contextPath, false);
    }

    /**
     * Reads the settings, and reports problems to the configuration.
     *
     * @param contextPath the default name of the application
     * @param distributable whether web.xml contains {@code <distributable/>}
     */
    public static SessionSettings from(Config config, String contextPath, boolean distributable) {
        String configured = config.read(APPLICATION);
        String prefix = config.read(KEY_PREFIX);
        if (!prefix.matches("[A-Za-z0-9_.:-]{1,64}")) {
            config.problem(KEY_PREFIX, "1 to 64 letters, digits, and . _ : -");
        }
        List<String> allowed = config.read(ALLOWED_CLASSES);
        if (allowed.stream().anyMatch(pattern -> !pattern.matches("[\\p{L}\\p{N}_$.]+(\\*\\*?)?"))) {
            config.problem(ALLOWED_CLASSES, "class names or packages that end in .* or .**");
        }
        return new SessionSettings(
                configured.isEmpty() ? nameOf(contextPath) : configured,
                prefix,
                SessionLifetimes.from(config),
                SessionLimit.Rule.from(config),
                config.read(EXPIRY_GRACE),
                config.read(ENCRYPTION),
                config.read(SERIALIZATION),
                allowed,
                config.read(JSON_TYPES),
                config.read(NOT_STORABLE),
                config.read(LOCAL_ATTRIBUTES),
                distributable,
                new ValueLimits(
                        config.read(VALUE_MAX_DEPTH), config.read(VALUE_MAX_OBJECTS), config.read(VALUE_MAX_BYTES)),
                config.read(MAX_BYTES),
                ReplicaAcknowledgement.from(config),
                ReplicaAcknowledgement.isForAll(config),
                config.read(READS));
    }

    /** Returns a copy for a smoke test: sessions of another application, whose records do not outlive them. */
    public SessionSettings forSmokeTest(String other) {
        return new SessionSettings(
                other,
                keyPrefix,
                lifetimes,
                limit,
                Duration.ZERO,
                encrypt,
                serialization,
                allowedClasses,
                jsonTypes,
                notStorable,
                localAttributes,
                distributable,
                valueLimits,
                maxBytes,
                replicas,
                replicasForAll,
                Reads.STRICT);
    }

    /** Returns the name for a context path. Some servers use {@code ""} for the root, others {@code "/"}. */
    private static String nameOf(String contextPath) {
        String name = contextPath.startsWith("/") ? contextPath.substring(1) : contextPath;
        return name.isEmpty() ? "ROOT" : name;
    }

    /** Returns whether values that cannot be stored are kept on this node instead of being refused. */
    public boolean keepsNotStorable() {
        return notStorable == NotStorablePolicy.KEEP || (notStorable == NotStorablePolicy.AUTO && !distributable);
    }

    /** Returns the leases of this node, under a name that is new at each start. */
    SessionLeases leases(Redis redis, KeyNames keyNames, SecureRandom random, InstantSource clock) {
        String node = Long.toString(random.nextLong() >>> 1, Character.MAX_RADIX);
        return new SessionLeases(
                redis, keyNames.leaseChannelPrefix(), node, reads == Reads.LEASED, System::nanoTime, clock);
    }

    RecordSize recordSize() {
        return new RecordSize(maxBytes);
    }

    ValueCodec codec(@Nullable JsonMapper json) {
        return new ValueCodec(json, Set.copyOf(jsonTypes), classPolicy(), valueLimits);
    }

    private ClassPolicy classPolicy() {
        return serialization == Serialization.LISTED ? ClassPolicy.only(allowedClasses) : ClassPolicy.anyButGadgets();
    }
}
