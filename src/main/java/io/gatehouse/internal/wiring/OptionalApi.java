package io.gatehouse.internal.wiring;

import io.gatehouse.internal.rules.RuleFormat;
import io.gatehouse.internal.serialization.JsonMapper;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Parts that need an API which the server may not have; what is not there is told in one line of the log, and done without. */
public final class OptionalApi {
    private static final System.Logger LOG = System.getLogger(OptionalApi.class.getName());

    private OptionalApi() {}

    /**
     * A part, or null if its API is not there.
     *
     * @param without what that means
     */
    public static <T> @Nullable T part(String api, String without, Supplier<T> part) {
        try {
            return part.get();
        } catch (LinkageError | RuntimeException e) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0} is not there ({1}): {2}",
                    api,
                    e.getClass().getSimpleName(),
                    without);
            return null;
        }
    }

    /** Rules in JSON, where JSON-P is; that is looked for when the first are read. */
    public static RuleFormat rulesInJson() {
        return (text, into) -> {
            RuleFormat json = part("JSON-P", "rate limits can only be properties", () -> {
                return new JsonRuleFormat(); // a method reference would look for JSON-P here, out of reach of the catch
            });
            if (json == null) {
                into.problem(1, "this server has no JSON-P to read JSON with; expected properties");
            } else {
                json.read(text, into);
            }
        };
    }

    /** Values in JSON, where JSON-B is. */
    public static @Nullable JsonMapper json() {
        return part("JSON-B", "no session attribute is stored as JSON", JsonbMapper::new);
    }
}
