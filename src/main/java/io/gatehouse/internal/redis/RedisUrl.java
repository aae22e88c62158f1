package io.gatehouse.internal.redis;

import io.gatehouse.internal.config.Secret;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URL of a server: {@code redis://user:password@host:6379/2}, or {@code rediss://} for TLS; {@code ?db=2} may name the
 * database, as in redis-py. User and password are percent-encoded, an IPv6 address is in brackets; the default port is 6379,
 * the default database 0. Immutable.
 */
record RedisUrl(boolean tls, String user, Secret password, HostPort address, int database) {
    private static final String EXPECTED =
            "redis://[user:password@]host[:port][/database] or redis://...?db=database, or rediss:// for TLS";
    private static final Pattern USER_INFO = Pattern.compile("(?s)^(\\w+://)?.*@");
    private static final Pattern SCHEME = Pattern.compile("(?s)^(\\w+://)?.*");
    /** A colon that precedes no port: neither that of a scheme nor one inside of an IPv6 address. */
    private static final Pattern NO_PORT = Pattern.compile(":(?!//)(?!\\d{1,5}(?:[/,\\s]|$))(?![0-9a-fA-F:.%]*])");
    /** What follows the user: a name, which may have underscores as in Docker Compose, or an IPv6 address. */
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(?:\\[([0-9a-fA-F:.%]+)]|([\\w.-]+))(?::(\\d{1,5}))?");

    static RedisUrl parse(String text) {
        if (text.startsWith("unix:") || text.startsWith("redis+socket:")) {
            throw new IllegalArgumentException(
                    EXPECTED + "; Unix sockets are not supported, because Jedis connects by TCP only:"
                            + " let Redis listen on 127.0.0.1");
        }
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(EXPECTED); // without the cause, whose message holds the password
        }
        boolean tls = "rediss".equals(uri.getScheme());
        String authority = uri.getRawAuthority();
        if ((!tls && !"redis".equals(uri.getScheme())) || authority == null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(EXPECTED);
        }
        int at = authority.lastIndexOf('@');
        String userInfo = at < 0 ? "" : authority.substring(0, at);
        Matcher host = HOST_AND_PORT.matcher(authority.substring(at + 1));
        if (!host.matches() || userInfo.indexOf('@') >= 0) {
            throw new IllegalArgumentException(EXPECTED);
        }
        int port = host.group(3) == null ? 6379 : Integer.parseInt(host.group(3));
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("a port from 1 to 65535");
        }
        int colon = userInfo.indexOf(':');
        return new RedisUrl(
                tls,
                decode(colon < 0 ? userInfo : userInfo.substring(0, colon)),
                new Secret(colon < 0 ? "" : decode(userInfo.substring(colon + 1))),
                new HostPort(host.group(1) != null ? host.group(1) : host.group(2), port),
                RedisUrlParameters.database(uri.getPath(), uri.getQuery()));
    }

    /**
     * Returns the text of one URL or of a list, masked up to its last {@code @}, because a password may contain characters
     * that should have been encoded. A query is masked too, because other clients accept a password there. A URL is masked as a
     * whole if it has {@code @} in its query only, or if it has none and what should be a port could be a password.
     */
    static String mask(String text) {
        int question = text.indexOf('?');
        int at = text.lastIndexOf('@');
        String hosts = question < 0 ? text : text.substring(0, question);
        if (at < 0 ? NO_PORT.matcher(hosts).find() && hosts.contains("://") : question >= 0 && question < at) {
            return SCHEME.matcher(text).replaceFirst("$1***");
        }
        String masked = USER_INFO.matcher(text).replaceFirst("$1***@");
        int query = masked.indexOf('?');
        return query < 0 ? masked : masked.substring(0, query) + "?***";
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
