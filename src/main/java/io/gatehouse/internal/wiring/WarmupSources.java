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

/** Finds the warm-up sources: beans of the application first, then the data sources and OpenID providers of the configuration. */
final class WarmupSources {
    private static final System.Logger LOG = System.getLogger(WarmupSources.class.getName());

    private WarmupSources() {}

    /** Returns all sources. Must be called in a thread of the application. */
    static List<WarmupSource> of(WarmupSettings settings, @Nullable JsonMapper json) {
        List<WarmupSource> sources = new ArrayList<>();
        List<WarmupSource> beans = OptionalApi.tryLoad("CDI", "the application has no warm-up sources", () -> {
            return WarmupBeans.find(); // a method reference would load CDI here, outside the try block
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
                LOG.log(
                        System.Logger.Level.WARNING,
                        "OpenID providers are not warmed up, because this server has no JSON-B");
            } else {
                sources.add(new OpenIdWarmupSource(settings.issuers(), bytes -> object(json, bytes)));
            }
        }
        return sources;
    }

    @SuppressWarnings("unchecked") // the names in a JSON object are strings
    private static Map<String, Object> object(JsonMapper json, byte[] bytes) {
        return (Map<String, Object>) json.fromJson(bytes, Map.class);
    }

    @SuppressWarnings("BanJNDI") // the settings allow local names only
    private static @Nullable DataSource dataSource(String name) {
        try {
            if (InitialContext.doLookup(name) instanceof DataSource found) {
                return found;
            }
            LOG.log(System.Logger.Level.WARNING, "{0} is not a data source, so nothing is warmed up from it", name);
        } catch (NamingException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "data source {0} was not found ({1}), so nothing is warmed up from it",
                    name,
                    e.getClass().getSimpleName());
        }
        return null;
    }
}
