package io.gatehouse.internal.wiring;

import io.gatehouse.internal.serialization.JsonMapper;
import io.gatehouse.internal.warmup.OpenIdWarmupSource;
import io.gatehouse.internal.warmup.SqlWarmupSource;
import io.gatehouse.internal.warmup.WarmupSettings;
import io.gatehouse.warmup.WarmupSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Where the cache is warmed from: the application's own beans, then what the configuration names. */
final class WarmupSources {
    private static final System.Logger LOG = System.getLogger(WarmupSources.class.getName());

    private WarmupSources() {}

    /** To be called in a thread of the application. */
    static List<WarmupSource> of(WarmupSettings settings, @Nullable JsonMapper json) {
        List<WarmupSource> sources = new ArrayList<>();
        List<WarmupSource> beans = OptionalApi.part("CDI", "there are no warm-up sources of the application", () -> {
            return WarmupBeans.find(); // a method reference would look for CDI here, out of reach of the catch
        });
        if (beans != null) {
            sources.addAll(beans);
        }
        if (!settings.usersSql().isEmpty() || !settings.rolesSql().isEmpty()) {
            DataSource data = dataSource(settings.dataSource());
            if (data != null && !settings.usersSql().isEmpty()) {
                sources.add(new SqlWarmupSource(WarmupSource.USER, data, settings.usersSql(), settings.maxRows()));
            }
            if (data != null && !settings.rolesSql().isEmpty()) {
                sources.add(new SqlWarmupSource(WarmupSource.ROLES, data, settings.rolesSql(), settings.maxRows()));
            }
        }
        if (!settings.issuers().isEmpty()) {
            if (json == null) {
                LOG.log(System.Logger.Level.WARNING, "OpenID providers are not warmed: this server has no JSON-B");
            } else {
                sources.add(new OpenIdWarmupSource(settings.issuers(), bytes -> object(json, bytes)));
            }
        }
        return sources;
    }

    @SuppressWarnings("unchecked") // an object of JSON has texts as names
    private static Map<String, Object> object(JsonMapper json, byte[] bytes) {
        return (Map<String, Object>) json.fromJson(bytes, Map.class);
    }

    @SuppressWarnings("BanJNDI") // the settings allow names of the server's own only
    private static @Nullable DataSource dataSource(String name) {
        try {
            if (InitialContext.doLookup(name) instanceof DataSource found) {
                return found;
            }
            LOG.log(System.Logger.Level.WARNING, "{0} is no data source: nothing is warmed from it", name);
        } catch (NamingException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the data source {0} is not there ({1}): nothing is warmed from it",
                    name,
                    e.getClass().getSimpleName());
        }
        return null;
    }
}
