package io.gatehouse.session;

import io.gatehouse.config.Config;
import io.gatehouse.config.Setting;
import io.gatehouse.values.ClassPolicy;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

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
    static final Setting<NotStorablePolicy> NOT_STORABLE = Setting.choice(
            "GATEHOUSE_SESSION_NOT_SERIALIZABLE",
            NotStorablePolicy.REFUSE,
            "What setAttribute does with a value that cannot be stored: throw (`refuse`), or hold it in this node only while requests of the session run (`keep`).");

    /** Every setting of this package. */
    public static final List<Setting<?>> ALL = Stream.of(
                    List.of(APPLICATION, KEY_PREFIX),
                    SessionLifetimes.ALL,
                    SessionLimit.Rule.ALL,
                    List.of(
                            Durability.REPLICAS,
                            Durability.REPLICAS_FOR,
                            EXPIRY_GRACE,
                            ENCRYPTION,
                            SERIALIZATION,
                            ALLOWED_CLASSES,
                            JSON_TYPES,
                            NOT_STORABLE))
            .<Setting<?>>flatMap(List::stream)
            .toList();

    /**
     * Reads everything and leaves what is wrong with the configuration.
     *
     * @param contextPath names the application unless the configuration does
     */
    public static SessionSettings from(Config config, String contextPath) {
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
                Durability.from(config),
                Durability.isForAll(config));
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
                replicas,
                replicasForAll);
    }

    /** Some servers say {@code ""} for the root, some {@code "/"}. */
    private static String nameOf(String contextPath) {
        String name = contextPath.startsWith("/") ? contextPath.substring(1) : contextPath;
        return name.isEmpty() ? "ROOT" : name;
    }

    ClassPolicy classPolicy() {
        return serialization == Serialization.LISTED ? ClassPolicy.only(allowedClasses) : ClassPolicy.anyButGadgets();
    }
}
