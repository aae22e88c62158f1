package io.gatehouse.internal.redis;

import io.gatehouse.ProblemCode;
import io.gatehouse.RedisCredentialsProvider;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Finds the application's {@link RedisCredentialsProvider} with {@link ServiceLoader}. */
final class CredentialsProviders {
    private static final String FILE = "META-INF/services/" + RedisCredentialsProvider.class.getName();

    private CredentialsProviders() {}

    /** Returns the only provider, or null if there is none. Several, or one that cannot be created, are a configuration problem. */
    static @Nullable RedisCredentialsProvider find(Config config, Setting<?> setting) {
        List<RedisCredentialsProvider> found = new ArrayList<>();
        try {
            ServiceLoader.load(RedisCredentialsProvider.class).forEach(found::add);
        } catch (ServiceConfigurationError e) {
            config.problem(
                    ProblemCode.INVALID_VALUE,
                    setting,
                    FILE,
                    "found a provider of credentials for Redis that cannot be created (" + FILE
                            + "); expected a public class with a constructor without parameters: " + e.getMessage());
        }
        if (found.size() > 1) {
            config.problem(
                    ProblemCode.INVALID_VALUE,
                    setting,
                    FILE,
                    "found " + found.size() + " providers of credentials for Redis (" + FILE + "); expected one");
        }
        return found.size() == 1 ? found.get(0) : null;
    }
}
