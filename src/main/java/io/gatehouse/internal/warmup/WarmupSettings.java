package io.gatehouse.internal.warmup;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What is warmed, and how fast.
 *
 * @param dataSource the JNDI name of the data source
 * @param usersSql selects users; empty for none
 * @param rolesSql selects roles; empty for none
 * @param maxRows how many entries a source gives at most
 * @param issuers the OpenID providers
 * @param rate entries a second
 * @param deadline how long one run takes at most
 * @param beforeReady whether a new node is not ready before it has taken over what is used most
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
            "JNDI name of the data source that the statements below are for; only names that start with `java:` are looked up.");
    static final Setting<String> USERS_SQL = sql(
            "GATEHOUSE_WARM_USERS_SQL",
            "Selects users, the key first: `select id, name, mail from users where id = ?` is asked for each key, a statement without `?` gives all.");
    static final Setting<String> ROLES_SQL =
            sql("GATEHOUSE_WARM_ROLES_SQL", "Selects roles in the same way: `select name, description from roles`.");
    static final Setting<Integer> MAX_ROWS = Setting.number(
            "GATEHOUSE_WARM_MAX_ROWS", 10_000, 1, 1_000_000, "How many entries one source gives at most in a run.");
    static final Setting<List<URI>> OAUTH_ISSUERS = new Setting<>(
            "GATEHOUSE_WARM_OAUTH_ISSUERS",
            "",
            IssuerUrls::parseList,
            UnaryOperator.identity(),
            "OpenID providers whose configuration and keys are warmed, between commas: `https://login.example.com/realms/shop`.");
    static final Setting<Integer> RATE = Setting.number(
            "GATEHOUSE_WARM_RATE",
            500,
            1,
            100_000,
            "How many entries are warmed in a second, so that sources and Redis have time for others.");
    static final Setting<Duration> DEADLINE =
            Setting.duration("GATEHOUSE_WARM_DEADLINE", "5m", "When a run of warming stops, however far it has come.");

    static final Setting<Boolean> BEFORE_READY = Setting.flag(
            "GATEHOUSE_WARM_BEFORE_READY",
            false,
            "Whether a new node is ready only when it has taken over what is used most, or GATEHOUSE_WARM_DEADLINE is over.");

    /** Every setting of this package. */
    public static final List<Setting<?>> ALL =
            List.of(DATA_SOURCE, USERS_SQL, ROLES_SQL, MAX_ROWS, OAUTH_ISSUERS, RATE, DEADLINE, BEFORE_READY);

    private static final Duration LONGEST = Duration.ofDays(1);

    public WarmupSettings {
        issuers = List.copyOf(issuers);
    }

    /** Reads everything and leaves what is wrong with the configuration. */
    public static WarmupSettings from(Config config) {
        Duration deadline = config.read(DEADLINE);
        if (deadline.isZero() || deadline.compareTo(LONGEST) > 0) {
            config.problem(DEADLINE, "a time up to 1d");
            deadline = LONGEST;
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
