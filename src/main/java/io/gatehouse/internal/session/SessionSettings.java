package io.gatehouse.internal.session;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import io.gatehouse.internal.serialization.ClassPolicy;
import io.gatehouse.internal.serialization.JsonMapper;
import io.gatehouse.internal.serialization.ValueCodec;
import io.gatehouse.internal.serialization.ValueLimits;
import io.gatehouse.internal.session.store.RecordSize;
import io.gatehouse.internal.session.store.ReplicaAcknowledgement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What sessions of one application are like.
 *
 * @param application whose sessions they are; the nodes of one application share it, others must not have it
 * @param keyPrefix what all our Redis keys start with
 * @param lifetimes how long they may live
 * @param limit how many a user may have
 * @param expiryGrace how long a record outlives its session, for listeners that want to see it
 * @param encrypt whether values are hidden from those who can read Redis
 * @param serialization which classes Java serialization may touch
 * @param allowedClasses with {@link Serialization#LISTED}, which ones
 * @param jsonTypes names of the classes that are stored as JSON
 * @param notStorable what happens to values that cannot be stored
 * @param localAttributes names of attributes and of classes whose values stay on their node
 * @param distributable whether the application says that its sessions may be moved between servers
 * @param valueLimits how large one value may be
 * @param maxBytes how many bytes a session may take in Redis
 * @param replicas how many replicas should confirm an end
 * @param replicasForAll whether they should confirm everything else that is stored, too
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
        boolean replicasForAll) {

    /** Which classes Java serialization may touch. */
    public enum Serialization {
        /** Those that the writer used, as its signature says, but no known gadget. */
        SIGNED,
        /** Only those that the configuration lists. */
        LISTED
    }

    /** What happens to values that cannot be stored. */
    public enum NotStorablePolicy {
        /**
         * As {@link #REFUSE} in applications whose web.xml says {@code <distributable/>}, as {@link #KEEP} in others: Servlet
         * 6.0, 7.7.2 asks for the exception only there.
         */
        AUTO,
        /** {@code setAttribute} throws {@link IllegalArgumentException}, as the Servlet specification wants it. */
        REFUSE,
        /** The value stays on this node, and only while requests of its session run there. */
        KEEP
    }

    /** Names the application. */
    public static final Setting<String> APPLICATION = Setting.text(
            "GATEHOUSE_APPLICATION",
            "",
            "Whose sessions these are: the same on all nodes of one application, different for any other. Without it the context path counts.");

    static final Setting<String> KEY_PREFIX =
            Setting.text("GATEHOUSE_KEY_PREFIX", "gatehouse", "What all keys in Redis start with.");
    static final Setting<Duration> EXPIRY_GRACE = Setting.duration(
            "GATEHOUSE_SESSION_EXPIRY_GRACE",
            "24h",
            "How long Redis keeps the record of a session that is over, unless the clean-up removes it before.");
    static final Setting<Boolean> ENCRYPTION =
            Setting.flag("GATEHOUSE_SESSION_ENCRYPTION", false, "Encrypt attributes in Redis (AES-256-GCM).");
    static final Setting<Serialization> SERIALIZATION = Setting.choice(
            "GATEHOUSE_SESSION_SERIALIZATION",
            Serialization.SIGNED,
            "Which classes Java serialization may touch: those that were written under our signature (`signed`), or only those in GATEHOUSE_SESSION_ALLOWED_CLASSES (`listed`). Known gadgets never.");
    static final Setting<List<String>> ALLOWED_CLASSES = Setting.list(
            "GATEHOUSE_SESSION_ALLOWED_CLASSES",
            "",
            "Class names, or packages as `com.acme.*` (with all below: `com.acme.**`), between commas.");
    static final Setting<List<String>> JSON_TYPES = Setting.list(
            "GATEHOUSE_SESSION_JSON_TYPES",
            "",
            "Names of classes that are stored as JSON (JSON-B) instead of by Java serialization.");
    static final Setting<Integer> VALUE_MAX_DEPTH = Setting.number(
            "GATEHOUSE_SESSION_VALUE_MAX_DEPTH",
            ValueLimits.DEFAULT.depth(),
            50,
            ValueLimits.DEEPEST,
            "How many objects of an attribute's value may be nested in one another. setAttribute refuses deeper values.");
    static final Setting<Integer> VALUE_MAX_OBJECTS = Setting.number(
            "GATEHOUSE_SESSION_VALUE_MAX_OBJECTS",
            ValueLimits.DEFAULT.objects(),
            1_000,
            100_000_000,
            "How many objects may belong to one attribute's value. setAttribute refuses larger values.");
    static final Setting<Integer> VALUE_MAX_BYTES = Setting.number(
            "GATEHOUSE_SESSION_VALUE_MAX_BYTES",
            ValueLimits.DEFAULT.bytes(),
            64 << 10,
            ValueLimits.WIDEST.bytes(),
            "How many bytes the value of an attribute may take. setAttribute refuses larger values.");
    static final Setting<Integer> MAX_BYTES = Setting.number(
            "GATEHOUSE_SESSION_MAX_BYTES",
            32 << 20,
            128 << 10,
            ValueLimits.WIDEST.bytes(),
            "How many bytes a session may take in Redis. setAttribute refuses what does not fit, and a record that is larger is not read.");
    static final Setting<NotStorablePolicy> NOT_STORABLE = Setting.choice(
            "GATEHOUSE_SESSION_NOT_SERIALIZABLE",
            NotStorablePolicy.AUTO,
            "What setAttribute does with a value that is not serializable: throw (`refuse`), hold it on this node only (`keep`), or throw where web.xml says `<distributable/>` and keep elsewhere (`auto`).");
    static final Setting<List<String>> LOCAL_ATTRIBUTES = Setting.list(
            "GATEHOUSE_SESSION_LOCAL_ATTRIBUTES",
            "",
            "Attributes that stay on the node that sets them, by their names or the names of their classes, a `*` at the end for any: `liveFeed, com.example.net.*`. They are not written to Redis, and other nodes do not have them.");

    /** Every setting of this package. */
    public static final List<Setting<?>> ALL = Stream.of(
                    List.of(APPLICATION, KEY_PREFIX),
                    SessionLifetimes.ALL,
                    SessionLimit.Rule.ALL,
                    List.of(
                            ReplicaAcknowledgement.REPLICAS,
                            ReplicaAcknowledgement.REPLICAS_FOR,
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

    /** The settings of an application that does not say whether its sessions may be moved. */
    public static SessionSettings from(Config config, String contextPath) {
        return from(config, contextPath, false);
    }

    /**
     * Reads everything and leaves what is wrong with the configuration.
     *
     * @param contextPath names the application unless the configuration does
     * @param distributable whether its web.xml says {@code <distributable/>}
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
                ReplicaAcknowledgement.isForAll(config));
    }

    /** The same for sessions of another application, which leave nothing behind them. */
    public SessionSettings forTrial(String other) {
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
                replicasForAll);
    }

    /** Some servers say {@code ""} for the root, some {@code "/"}. */
    private static String nameOf(String contextPath) {
        String name = contextPath.startsWith("/") ? contextPath.substring(1) : contextPath;
        return name.isEmpty() ? "ROOT" : name;
    }

    /** Whether values that cannot be stored are kept on this node instead of being refused. */
    public boolean keepsNotStorable() {
        return notStorable == NotStorablePolicy.KEEP || (notStorable == NotStorablePolicy.AUTO && !distributable);
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
