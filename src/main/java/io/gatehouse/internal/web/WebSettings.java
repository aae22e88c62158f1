package io.gatehouse.internal.web;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import io.gatehouse.internal.rules.PathPattern;
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
        CorsPolicy cors) {

    /** When the cookie is marked {@code Secure}. */
    public enum SecurePolicy {
        /** If the request came over TLS, or the cookie configuration of the application says so. */
        AUTO,
        /** Always; for servers behind a proxy that terminates TLS. */
        ALWAYS
    }

    /** Whether other sites' requests bring the cookie along (RFC 6265bis, section 5.6.7). */
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
            "Paths that the filter leaves alone, without the context path: `/static/*`, `*.css`, `/ping`. There is no session of ours there.");
    static final Setting<String> COOKIE_NAME = Setting.text(
            "GATEHOUSE_COOKIE_NAME",
            "",
            "Name of the cookie. Without it: the one in web.xml, else `sid`, which becomes `__Host-sid` over TLS with path `/`. Not `JSESSIONID`, which is the server's own.");
    static final Setting<String> COOKIE_PATH = Setting.text(
            "GATEHOUSE_COOKIE_PATH",
            "",
            "Path of the cookie, such as `/`. Without it: the one in web.xml, else the context path.");
    static final Setting<SecurePolicy> COOKIE_SECURE = Setting.choice(
            "GATEHOUSE_COOKIE_SECURE",
            SecurePolicy.AUTO,
            "`auto`: for TLS only when the request came over TLS; `always`: behind a proxy that ends TLS.");
    static final Setting<SameSite> COOKIE_SAME_SITE = Setting.choice(
            "GATEHOUSE_COOKIE_SAME_SITE", SameSite.LAX, "`lax`, `strict` or `none`, where web.xml does not say.");

    static final Setting<List<String>> LOGIN_FORMS = Setting.list(
            "GATEHOUSE_LOGIN_FORMS",
            "",
            "Forms by which people log in, each as its path and the name of the field with the account: `/login username, /admin/login user`; in JSON a field within another is `credentials.user`. Their accounts are guarded against guessing.");

    static final Setting<Integer> LOGIN_BODY_BYTES = Setting.number(
            "GATEHOUSE_LOGIN_BODY_BYTES",
            1_048_576,
            1024,
            16_777_216,
            "How many bytes of the body of a guarded form are read in search of the field. The attempt of a longer one counts by its address only.");

    /** Every setting of this package. */
    public static final List<Setting<?>> ALL = Stream.of(
                    List.of(
                            EXCLUDE,
                            COOKIE_NAME,
                            COOKIE_PATH,
                            COOKIE_SECURE,
                            COOKIE_SAME_SITE,
                            LOGIN_FORMS,
                            LOGIN_BODY_BYTES),
                    CorsPolicy.ALL)
            .<Setting<?>>flatMap(List::stream)
            .toList();

    /** Reads everything and leaves what is wrong with the configuration. */
    public static WebSettings from(Config config) {
        List<PathPattern> exclude = items(config, EXCLUDE, PathPattern::new);
        List<LoginForm> forms = items(config, LOGIN_FORMS, LoginForm::parse);
        String name = config.read(COOKIE_NAME);
        if (!name.matches("[A-Za-z0-9_.-]*")) {
            config.problem(COOKIE_NAME, "letters, digits and _ . -");
        } else if (name.equalsIgnoreCase(SERVERS_COOKIE)) {
            config.problem(COOKIE_NAME, "another name than that of the cookie of the server's own sessions");
        }
        String path = config.read(COOKIE_PATH);
        if (!path.matches("(/[!-:<-~]*)?")) {
            config.problem(
                    COOKIE_PATH,
                    "a path that begins with / and has neither blanks, semicolons nor letters beyond ASCII");
        }
        return new WebSettings(
                exclude,
                name,
                path,
                config.read(COOKIE_SECURE),
                config.read(COOKIE_SAME_SITE),
                forms,
                config.read(LOGIN_BODY_BYTES),
                CorsPolicy.from(config));
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
        return exclude.stream().anyMatch(pattern -> pattern.matches(path));
    }
}
