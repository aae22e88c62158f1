package io.gatehouse.internal.diagnostics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The checks, with ids that never change their meaning: {@code E} is an error, {@code W} a warning, {@code I}
 * information. The table {@code checks.txt} beside this class holds their texts. The number of a removed check
 * is not used again.
 */
public enum CheckId {
    REDIS_UNREACHABLE("GH-E001"),
    REDIS_SILENT("GH-E002"),
    REDIS_DENIED("GH-E003"),
    REDIS_TLS("GH-E004"),
    REDIS_REPLICA("GH-E005"),
    REDIS_READ_ONLY("GH-E006"),
    REDIS_LOADING("GH-E007"),
    REDIS_CLUSTER_DOWN("GH-E008"),
    REDIS_FULL("GH-E009"),
    REDIS_NO_DATABASE("GH-E010"),
    REDIS_TOO_OLD("GH-E011"),
    RIGHTS_MISSING("GH-E012"),
    CLOCK_FAR_OFF("GH-E013"),
    SESSIONS_EVICTED("GH-E014"),
    REPLICAS_MISSING("GH-E015"),
    SETTING_INVALID("GH-E020"),
    KEY_MISSING("GH-E021"),
    KEY_PUBLISHED("GH-E022"),
    KEY_UNUSABLE("GH-E023"),
    RULES_BROKEN("GH-E024"),
    ALL_PROXIES_TRUSTED("GH-E025"),
    ADMIN_TOKEN_WEAK("GH-E026"),
    SESSION_FAILED("GH-E030"),
    LIMIT_FAILED("GH-E031"),
    CACHE_FAILED("GH-E032"),
    REDIS_UNPATCHED("GH-W001"),
    RIGHTS_EXCESSIVE("GH-W002"),
    RIGHTS_WANTED("GH-W003"),
    NO_PASSWORD("GH-W004"),
    NO_TLS("GH-W005"),
    CLOCK_OFF("GH-W006"),
    ONE_SERVER("GH-W007"),
    NO_MAXMEMORY("GH-W008"),
    MEMORY_SHORT("GH-W009"),
    LIMITS_EVICTED("GH-W010"),
    CACHE_NEVER_EVICTS("GH-W011"),
    KEYS_WERE_EVICTED("GH-W012"),
    NOT_PERSISTENT("GH-W013"),
    SAVE_FAILED("GH-W014"),
    NO_REPLICA("GH-W015"),
    REPLICAS_NOT_NEEDED("GH-W016"),
    CONNECTIONS_REJECTED("GH-W017"),
    SETTING_UNKNOWN("GH-W020"),
    FILE_NOT_READ("GH-W021"),
    KEY_OLD("GH-W022"),
    COOKIE_NOT_SECURE("GH-W023"),
    SAME_SITE_NONE("GH-W024"),
    CLASSES_OPEN("GH-W025"),
    NO_ABSOLUTE_TIMEOUT("GH-W026"),
    RULES_DRY_RUN("GH-W027"),
    PROXIES_WIDE("GH-W028"),
    JOBS_WAIT("GH-W030"),
    SLOW("GH-W031"),
    KEYS_NEVER_EXPIRE("GH-W032"),
    NOT_CHECKED("GH-I001"),
    OFF("GH-I002"),
    NOT_ENCRYPTED("GH-I003"),
    NO_PROXIES("GH-I004"),
    LIMITS_OFF("GH-I005"),
    NO_SESSION_LIMIT("GH-I006"),
    MEASURED("GH-I007"),
    KEPT_ON_NODE("GH-I008");

    private static final int COLUMNS = 5;
    private static final Map<String, String[]> TABLE = table();

    private final String id;

    CheckId(String id) {
        this.id = id;
    }

    /** Returns the id, such as {@code GH-E001}. */
    public String id() {
        return id;
    }

    /** Returns the severity, which the letter of the id encodes. */
    public Severity severity() {
        return switch (id.charAt("GH-".length())) {
            case 'E' -> Severity.ERROR;
            case 'W' -> Severity.WARNING;
            default -> Severity.INFO;
        };
    }

    /** Returns the group of the check. */
    public CheckGroup group() {
        return CheckGroup.valueOf(column(1).toUpperCase(Locale.ROOT));
    }

    /** Returns what was found, in a few words. */
    public String title() {
        return column(2);
    }

    /** Returns why it matters. */
    public String why() {
        return column(3);
    }

    /** Returns what to do. */
    public String remedy() {
        return column(4);
    }

    private String column(int number) {
        String[] row = TABLE.get(id);
        if (row == null) {
            throw new IllegalStateException(id + " is missing from checks.txt; expected a row for every check");
        }
        return row[number].replace("\\|", "|");
    }

    private static Map<String, String[]> table() {
        try (InputStream file = CheckId.class.getResourceAsStream("checks.txt")) {
            if (file == null) {
                throw new IllegalStateException("checks.txt is missing beside " + CheckId.class.getName());
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("GH-"))
                    .map(line -> Arrays.stream(line.split(" \\| ", COLUMNS))
                            .map(String::strip)
                            .toArray(String[]::new))
                    .collect(Collectors.toMap(row -> row[0], Function.identity()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
