package io.gatehouse.internal.web;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import io.gatehouse.internal.rules.PathPattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The configuration of the filter and its cookie.
 *
 * @param exclude the paths that pass the filter unchanged
 * @param cookieName the name of the cookie, or empty for that of the application or the default
 * @param cookiePath the path of the cookie, or empty for that of the application
 * @param cookieSecure when the cookie is marked {@code Secure}
 * @param cookieSameSite {@code SameSite} of the cookie, unless the application configures it
 * @param loginForms the guarded login forms
 * @param loginBodyBytes the number of bytes that are buffered of the body of a login form
 * @param integration whose sessions the container uses
 * @param rolesRefresh how long the container uses the roles of a user in a session, or zero for its own rule
 * @param cors the origins that may read the responses that Gatehouse gives in place of the application
 */
public record WebSettings(
        List<PathPattern> exclude,
        String cookieName,
        String cookiePath,
        SecurePolicy cookieSecure,
        SameSite cookieSameSite,
        List<LoginForm> loginForms,
        int loginBodyBytes,
        Integration integration,
        Duration rolesRefresh,
        CorsPolicy cors) {

    /** Whose sessions the container uses. */
    public enum Integration {
        /** Its own: the filter replaces them for the application only. */
        FILTER,
        /** Those of Gatehouse, so that it keeps users whom it has authenticated on every node. */
        CONTAINER,
        /** Those of Gatehouse on servers where that is tested, otherwise its own. */
        AUTO
    }

    /** When the cookie is marked {@code Secure}. */
    public enum SecurePolicy {
        /** If the request came over TLS, or the cookie configuration of the application says so. */
        AUTO,
        /** Always; for servers behind a proxy that terminates TLS. */
        ALWAYS
    }

    /** Whether browsers send the cookie with requests from other sites (RFC 6265bis, section 5.6.7). */
    public enum SameSite {
        LAX("Lax"),
        STRICT("Strict"),
        NONE("None");

        private final String text;

        SameSite(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /** The name of the container's session cookie. With the same name, each cookie would replace the other. */
    private static final String SERVERS_COOKIE = "JSESSIONID";

    static final Setting<List<String>> EXCLUDE = Setting.list(
            "GATEHOUSE_FILTER_EXCLUDE",
            "",
            "Paths that are excluded from the filter, without the context path: `/static/*`, `*.css`, `/ping`. Requests to them have no session of Gatehouse.");
    static final Setting<String> COOKIE_NAME = Setting.text(
            "GATEHOUSE_COOKIE_NAME",
            "",
            "Name of the session cookie. If not set: the name in web.xml, else `sid`, which becomes `__Host-sid` over TLS with path `/`. `JSESSIONID` is reserved for the container.");
    static final Setting<String> COOKIE_PATH = Setting.text(
            "GATEHOUSE_COOKIE_PATH",
            "",
            "Path of the session cookie, such as `/`. If not set: the path in web.xml, else the context path.");
    static final Setting<SecurePolicy> COOKIE_SECURE = Setting.choice(
            "GATEHOUSE_COOKIE_SECURE",
            SecurePolicy.AUTO,
            "When the cookie is `Secure`. `auto`: if the request came over TLS or web.xml says so. `always`: for servers behind a proxy that terminates TLS.");
    static final Setting<SameSite> COOKIE_SAME_SITE = Setting.choice(
            "GATEHOUSE_COOKIE_SAME_SITE",
            SameSite.LAX,
            "`SameSite` of the cookie: `lax`, `strict` or `none`. The value in web.xml takes precedence.");

    static final Setting<List<String>> LOGIN_FORMS = Setting.list(
            "GATEHOUSE_LOGIN_FORMS",
            "",
            "Login forms to protect against password guessing, separated by commas. Each is a path and the name of the field with the account: `/login username, /admin/login user`. A nested JSON field is named by its path, such as `credentials.user`.");

    static final Setting<Integer> LOGIN_BODY_BYTES = Setting.number(
            "GATEHOUSE_LOGIN_BODY_BYTES",
            1_048_576,
            1024,
            16_777_216,
            "Maximum size of the body of a login form that is searched for the account, in bytes. A larger body gets 413, unless the server parses it as multipart; on other paths of the servlet that serves the form it counts by its address only.");

    public static final Setting<Integration> INTEGRATION = Setting.choice(
            "GATEHOUSE_SESSION_INTEGRATION",
            Integration.FILTER,
            "The user of the sessions: only the application (`filter`), or the container as well, so that users whom it has authenticated are known on every node (`container`). `auto` chooses `container` where that is tested.");

    static final Setting<Duration> ROLES_REFRESH = Setting.duration(
            "GATEHOUSE_SESSION_ROLES_REFRESH",
            "0",
            "With container integration: the time after which the roles of a logged-in user are read again; where the server cannot do that, the user must log in again. 0: each minute on WildFly, at the next login on Tomcat and Payara.");

    /** Every setting of this package. */
    public static final List<Setting<?>> ALL = Stream.of(
                    List.of(
                            EXCLUDE,
                            COOKIE_NAME,
                            COOKIE_PATH,
                            COOKIE_SECURE,
                            COOKIE_SAME_SITE,
                            LOGIN_FORMS,
                            LOGIN_BODY_BYTES,
                            INTEGRATION,
                            ROLES_REFRESH),
                    CorsPolicy.ALL)
            .<Setting<?>>flatMap(List::stream)
            .toList();

    /** Reads the settings. Invalid values are recorded as problems of the configuration. */
    public static WebSettings from(Config config) {
        List<PathPattern> exclude = items(config, EXCLUDE, PathPattern::new);
        List<LoginForm> forms = items(config, LOGIN_FORMS, LoginForm::parse);
        String name = config.read(COOKIE_NAME);
        if (!name.matches("[A-Za-z0-9_.-]*")) {
            config.problem(COOKIE_NAME, "a name of letters, digits and _ . -");
        } else if (name.equalsIgnoreCase(SERVERS_COOKIE)) {
            config.problem(COOKIE_NAME, "another name, because the container uses this one for its own sessions");
        }
        String path = config.read(COOKIE_PATH);
        if (!path.matches("(/[!-:<-~]*)?")) {
            config.problem(
                    COOKIE_PATH,
                    "a path that starts with / and has only ASCII characters, without spaces and semicolons");
        }
        return new WebSettings(
                exclude,
                name,
                path,
                config.read(COOKIE_SECURE),
                config.read(COOKIE_SAME_SITE),
                forms,
                config.read(LOGIN_BODY_BYTES),
                config.read(INTEGRATION),
                rolesRefresh(config),
                CorsPolicy.from(config));
    }

    private static Duration rolesRefresh(Config config) {
        Duration refresh = config.read(ROLES_REFRESH);
        if (!refresh.isZero() && refresh.toSeconds() == 0) {
            config.problem(ROLES_REFRESH, "0, or 1s or more");
        }
        return refresh;
    }

    private static <T> List<T> items(Config config, Setting<List<String>> setting, Function<String, T> parser) {
        List<T> items = new ArrayList<>();
        try {
            config.read(setting).forEach(text -> items.add(parser.apply(text)));
        } catch (IllegalArgumentException e) {
            config.problem(setting, String.valueOf(e.getMessage()));
        }
        return List.copyOf(items);
    }

    /** Returns whether a path passes the filter unchanged. */
    boolean excludes(String path) {
        for (int i = 0; i < exclude.size(); i++) { // no stream, because every request asks
            if (exclude.get(i).matches(path)) {
                return true;
            }
        }
        return false;
    }
}
