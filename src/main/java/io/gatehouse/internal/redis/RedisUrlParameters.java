package io.gatehouse.internal.redis;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The query of a URL as redis-py and django-redis write it. Only {@code db} has an effect. A parameter whose meaning is what
 * Gatehouse does anyway is accepted; any other is refused with the name of the setting that replaces it.
 */
final class RedisUrlParameters {
    private static final Map<String, Set<String>> ALWAYS_SO = Map.of(
            "ssl_cert_reqs", Set.of("required", "cert_required"),
            "ssl_check_hostname", Set.of("true", "yes", "1", "t", "y", "on"),
            "protocol", Set.of("2"));

    private static final Map<String, String> REPLACED_BY = Map.ofEntries(
            Map.entry("ssl_ca_certs", "GATEHOUSE_REDIS_TLS_CA_FILE"),
            Map.entry("ssl_ca_path", "GATEHOUSE_REDIS_TLS_CA_FILE"),
            Map.entry("ssl_ca_data", "GATEHOUSE_REDIS_TLS_CA"),
            Map.entry("ssl_certfile", "GATEHOUSE_REDIS_TLS_CERTIFICATE_FILE"),
            Map.entry("ssl_keyfile", "GATEHOUSE_REDIS_TLS_PRIVATE_KEY_FILE"),
            Map.entry("username", "the user before the host, or GATEHOUSE_REDIS_USER"),
            Map.entry("password", "the password before the host, or GATEHOUSE_REDIS_PASSWORD"),
            Map.entry("max_connections", "REDIS_CONNECTION_POOL_SIZE"),
            Map.entry("socket_connect_timeout", "REDIS_CONNECTION_TIMEOUT"),
            Map.entry("socket_timeout", "GATEHOUSE_REDIS_DEADLINE"),
            Map.entry("timeout", "GATEHOUSE_REDIS_DEADLINE"),
            Map.entry("health_check_interval", "REDIS_HEALTH_CHECK_INTERVAL"));

    private static final Map<String, String> REFUSED = Map.of(
            "ssl_cert_reqs",
            "no ssl_cert_reqs but 'required', because certificates are always verified;"
                    + " trust the authority of the server by GATEHOUSE_REDIS_TLS_CA_FILE",
            "ssl_check_hostname",
            "no ssl_check_hostname but 'true', because host names are always checked;"
                    + " use the name in the certificate of the server",
            "protocol",
            "no protocol but 2, because RESP3 is not used");

    private RedisUrlParameters() {}

    /**
     * Returns the database, from the path or from {@code db}.
     *
     * @param path the path of the URL, such as {@code /2}
     * @param query the query, or null if there is none
     * @throws IllegalArgumentException whose message says what was expected
     */
    static int database(String path, @Nullable String query) {
        String inPath = path.isEmpty() || path.equals("/") ? null : path.substring(1);
        String inQuery = null;
        for (String parameter :
                query == null || query.isEmpty() ? List.<String>of() : Arrays.asList(query.split("&", -1))) {
            String[] parts = parameter.split("=", 2);
            String value = parts.length == 2 ? parts[1] : "";
            if (!parts[0].equals("db")) {
                requireHarmless(parts[0], value);
            } else if (inQuery != null && number(inQuery) != number(value)) {
                throw new IllegalArgumentException("one database number, not two different ones in ?db=");
            } else {
                inQuery = value;
            }
        }
        if (inPath != null && inQuery != null && number(inPath) != number(inQuery)) {
            throw new IllegalArgumentException(
                    "one database number, either after the host (/2) or as ?db=2, not two different ones");
        }
        return inQuery != null ? number(inQuery) : inPath != null ? number(inPath) : 0;
    }

    private static void requireHarmless(String name, String value) {
        if (ALWAYS_SO.getOrDefault(name, Set.of()).contains(value.toLowerCase(Locale.ROOT))) {
            return;
        }
        String refused = REFUSED.get(name);
        String setting = REPLACED_BY.get(name);
        throw new IllegalArgumentException(
                refused != null
                        ? refused
                        : setting != null
                                ? "no parameter " + name + " in the URL; use " + setting
                                : "no parameters in the URL but db; the settings of Gatehouse replace the others");
    }

    private static int number(String text) {
        try {
            int database = Integer.parseInt(text);
            if (database >= 0) {
                return database;
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw new IllegalArgumentException("a database number after the host, such as /2 or ?db=2");
    }
}
