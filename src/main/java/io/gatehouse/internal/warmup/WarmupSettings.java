package io.gatehouse.internal.warmup;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The settings of the warmup: sources, rate and deadline. Immutable.
 *
 * @param dataSource the JNDI name of the data source
 * @param usersSql the statement that selects users; empty for none
 * @param rolesSql the statement that selects roles; empty for none
 * @param maxRows the maximum number of entries of one source
 * @param issuers the issuer URLs of the OpenID Connect providers
 * @param rate the maximum number of entries per second
 * @param deadline the maximum duration of one run
 * @param beforeReady whether a new node is ready only after it has warmed the most used keys
 */
public record WarmupSettings(
        String dataSource,
        String usersSql,
        String rolesSql,
        int maxRows,
        List<URI> issuers,
        int rate,
        Duration deadline,
        boolean beforeReady) {

    static final Setting<String> DATA_SOURCE = new Setting<>(
            "GATEHOUSE_WARM_DATA_SOURCE",
            "java:comp/DefaultDataSource",
            SqlWarmupSource::checkedName,
            UnaryOperator.identity(),
            "JNDI name of the data source for the statements below. It must start with `java:`.");
    static final Setting<String> USERS_SQL = sql(
            "GATEHOUSE_WARM_USERS_SQL",
            "Statement that selects users, with the key in the first column. `select id, name, mail from users where id = ?` is executed for each key, a statement without `?` returns all.");
    static final Setting<String> ROLES_SQL = sql(
            "GATEHOUSE_WARM_ROLES_SQL",
            "Statement that selects roles in the same way: `select name, description from roles`.");
    static final Setting<Integer> MAX_ROWS = Setting.number(
            "GATEHOUSE_WARM_MAX_ROWS",
            10_000,
            1,
            1_000_000,
            "Maximum number of entries that one source returns in a run.");
    static final Setting<List<URI>> OAUTH_ISSUERS = new Setting<>(
            "GATEHOUSE_WARM_OAUTH_ISSUERS",
            "",
            IssuerUrls::parseList,
            UnaryOperator.identity(),
            "Issuer URLs of the OpenID Connect providers whose configuration and keys are warmed, separated by commas: `https://login.example.com/realms/shop`.");
    static final Setting<Integer> RATE = Setting.number(
            "GATEHOUSE_WARM_RATE",
            500,
            1,
            100_000,
            "Maximum number of entries warmed per second, to limit the load on sources and Redis.");
    static final Setting<Duration> DEADLINE = Setting.duration(
            "GATEHOUSE_WARM_DEADLINE", "5m", "Maximum duration of a warmup run; it stops then, even if incomplete.");

    static final Setting<Boolean> BEFORE_READY = Setting.flag(
            "GATEHOUSE_WARM_BEFORE_READY",
            false,
            "Whether a new node is ready only after it has warmed the most used keys, or after GATEHOUSE_WARM_DEADLINE.");

    /** All settings of this package. */
    public static final List<Setting<?>> ALL =
            List.of(DATA_SOURCE, USERS_SQL, ROLES_SQL, MAX_ROWS, OAUTH_ISSUERS, RATE, DEADLINE, BEFORE_READY);

    private static final Duration MAX_DEADLINE = Duration.ofDays(1);

    public WarmupSettings {
        issuers = List.copyOf(issuers);
    }

    /** Reads the settings; reports invalid values as problems of the configuration. */
    public static WarmupSettings from(Config config) {
        Duration deadline = config.read(DEADLINE);
        if (deadline.isZero() || deadline.compareTo(MAX_DEADLINE) > 0) {
            config.problem(DEADLINE, "a time up to 1d");
            deadline = MAX_DEADLINE;
        }
        return new WarmupSettings(
                config.read(DATA_SOURCE),
                config.read(USERS_SQL),
                config.read(ROLES_SQL),
                config.read(MAX_ROWS),
                config.read(OAUTH_ISSUERS),
                config.read(RATE),
                deadline,
                config.read(BEFORE_READY));
    }

    private static Setting<String> sql(String name, String meaning) {
        return new Setting<>(name, "", SqlStatement::checked, UnaryOperator.identity(), meaning);
    }
}
