package io.gatehouse.internal.wiring;

import io.gatehouse.internal.oidc.OidcSettings;
import io.gatehouse.internal.oidc.OpenIdLogin;
import io.gatehouse.internal.rules.RuleFormat;
import io.gatehouse.internal.serialization.JsonMapper;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Loads parts of Gatehouse that need an API which the server may lack. A missing API costs one log line; everything else works. */
public final class OptionalApi {
    private static final System.Logger LOG = System.getLogger(OptionalApi.class.getName());

    private OptionalApi() {}

    /**
     * Returns a part, or null if its API is not available.
     *
     * @param consequence what the missing API means to users, for the log
     */
    public static <T> @Nullable T tryLoad(String api, String consequence, Supplier<T> part) {
        try {
            return part.get();
        } catch (LinkageError | RuntimeException e) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0} is not available ({1}): {2}",
                    api,
                    e.getClass().getSimpleName(),
                    consequence);
            return null;
        }
    }

    /** Returns the JSON format of rules. JSON-P is loaded when the first JSON is read; without it, JSON rules are a problem. */
    public static RuleFormat rulesInJson() {
        return (text, into) -> {
            RuleFormat json = tryLoad("JSON-P", "rate limits can only be properties", () -> {
                return new JsonRuleFormat(); // a method reference would load JSON-P here, outside the try block
            });
            if (json == null) {
                into.problem(1, "this server has no JSON-P, which JSON rules need; expected properties");
            } else {
                json.read(text, into);
            }
        };
    }

    /** Returns a supplier of the {@code sid} with which the user of a request has logged in at the OpenID provider of the settings. */
    static Supplier<Optional<String>> providerSession(Optional<OidcSettings> settings) {
        Supplier<Optional<String>> known = settings.isEmpty()
                ? null
                : tryLoad("Jakarta Security", "the application has to set io.gatehouse.oidc.sid itself", () -> {
                    return new OpenIdLogin(settings.get());
                });
        return known == null ? Optional::empty : known;
    }

    /** Returns the JSON-B mapper, or null if the server has no JSON-B. */
    public static @Nullable JsonMapper json() {
        return tryLoad("JSON-B", "no session attribute is stored as JSON", JsonbMapper::new);
    }
}
