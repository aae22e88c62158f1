package io.gatehouse.bench;

import io.gatehouse.bench.Application.Kind;
import io.gatehouse.internal.wiring.Settings;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A row of the benchmark of requests: an application, its settings, and the request that it answers. Each has a process of its own. */
enum Row {
    NO_FILTER("nofilter", "no filter", Kind.NOTHING, "/read", Map.of()),
    BARE_GET("bareget", "a filter with one bare GET", Kind.BARE_GET, "/read", Map.of()),
    READ_3("read3", "Gatehouse, session read, 3 rules", Kind.GATEHOUSE, "/read", Rules.three()),
    LEASED_3(
            "leased3",
            "Gatehouse, session read, 3 rules, leased copies",
            Kind.GATEHOUSE,
            "/read",
            Rules.and(Rules.three(), "GATEHOUSE_SESSION_READS", "leased")),
    CONTAINER_3(
            "container3",
            "Gatehouse, session read, 3 rules, as the sessions of the container",
            Kind.GATEHOUSE,
            "/read",
            Rules.and(Rules.three(), "GATEHOUSE_SESSION_INTEGRATION", "container")),
    READ("read", "Gatehouse, session read, no rule", Kind.GATEHOUSE, "/read", Rules.none()),
    WRITE_3("write3", "Gatehouse, session changed, 3 rules", Kind.GATEHOUSE, "/change", Rules.three()),
    LEASED_WRITE_3(
            "leasedwrite3",
            "Gatehouse, session changed, 3 rules, leased copies",
            Kind.GATEHOUSE,
            "/change",
            Rules.and(Rules.three(), "GATEHOUSE_SESSION_READS", "leased")),
    REFUSED("429", "Gatehouse, refused with 429", Kind.GATEHOUSE, "/refused", Rules.refusing()),
    NO_COOKIE("none", "Gatehouse, no cookie, no rule", Kind.GATEHOUSE, "/open", Rules.none()),
    SPRING_1("spring1", "Spring Session, read, Bucket4j 1 rule", Kind.SPRING, "/read", Rules.bucket4j(1)),
    SPRING_3("spring3", "Spring Session, read, Bucket4j 3 rules", Kind.SPRING, "/read", Rules.bucket4j(3)),
    SPRING_WRITE_3(
            "springwrite3", "Spring Session, change, Bucket4j 3 rules", Kind.SPRING, "/change", Rules.bucket4j(3)),
    WARMED(
            "warmed3",
            "Gatehouse, session read, 3 rules, warmed up at start",
            Kind.GATEHOUSE,
            "/read",
            Rules.and(Rules.and(Rules.three(), "GATEHOUSE_WARM_UP", "True"), "GATEHOUSE_PROBES_PATH", Node.PROBES)),
    IDLE("idle", "Gatehouse, idle", Kind.GATEHOUSE, "/read", Map.of("GATEHOUSE_CACHE_ENABLED", "True")),
    INDEXED_1("indexed1", "Spring Session indexed, read, Bucket4j 1 rule", Kind.INDEXED, "/read", Rules.bucket4j(1)),
    INDEXED_3("indexed3", "Spring Session indexed, read, Bucket4j 3 rules", Kind.INDEXED, "/read", Rules.bucket4j(3)),
    REDISSON("redisson", "Redisson's session manager, read, no rule", Kind.REDISSON, "/read", Map.of()),
    REDISSON_WRITE("redissonwrite", "Redisson's session manager, change, no rule", Kind.REDISSON, "/change", Map.of());

    private static final int PLAIN_COOKIE_LENGTH = 160;

    private final String id;
    private final String title;
    private final Kind kind;
    private final String path;

    @SuppressWarnings("ImmutableEnumChecker") // a copy that cannot change
    private final Map<String, String> settings;

    Row(String id, String title, Kind kind, String path, Map<String, String> settings) {
        this.id = id;
        this.title = title;
        this.kind = kind;
        this.path = path;
        this.settings = Map.copyOf(settings);
    }

    /** Returns the row with an id such as {@code read3}. */
    static Row of(String id) {
        return Stream.of(values())
                .filter(row -> row.id.equals(id.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown row '" + id + "'; expected one of "
                        + Stream.of(values()).map(Row::id).collect(Collectors.joining(", "))));
    }

    String id() {
        return id;
    }

    String title() {
        return title;
    }

    Kind kind() {
        return kind;
    }

    String path() {
        return path;
    }

    /** The status of every response. */
    int status() {
        return this == REFUSED ? 429 : 200;
    }

    boolean isGatehouse() {
        return kind == Kind.GATEHOUSE;
    }

    /** Returns why this build cannot measure the row, or null if it can. */
    @Nullable
    String missing() {
        return settings.keySet().stream()
                .filter(name -> name.startsWith("GATEHOUSE_"))
                .filter(name -> Settings.ALL.stream()
                        .noneMatch(setting -> setting.name().equals(name)))
                .findFirst()
                .map(name -> "this build has no setting " + name)
                .orElse(null);
    }

    /** Context parameters of Gatehouse, and parameters of {@link Application} that start with {@code bench.}. */
    Map<String, String> settings() {
        return settings;
    }

    boolean hasSession() {
        return kind.hasSessions() && this != NO_COOKIE;
    }

    /** Returns the Cookie header of requests without a session: as long as Gatehouse's, or none. */
    String plainCookie() {
        return this == NO_COOKIE ? "" : "sid=" + "x".repeat(PLAIN_COOKIE_LENGTH);
    }
}
