package io.gatehouse.internal.redis;

import io.gatehouse.internal.config.Secret;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The URL of a server: {@code redis://user:password@host:6379/2}, or {@code rediss://} for TLS. User and password are
 * percent-encoded, an IPv6 address is in brackets; the default port is 6379, the default database 0. Immutable.
 */
record RedisUrl(boolean tls, String user, Secret password, HostPort address, int database) {
    private static final String EXPECTED = "redis://[user:password@]host[:port][/database], or rediss:// for TLS";
    private static final Pattern USER_INFO = Pattern.compile("(?s)^(\\w+://)?.*@");

    static RedisUrl parse(String text) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(EXPECTED); // without the cause, whose message holds the password
        }
        boolean tls = "rediss".equals(uri.getScheme());
        if ((!tls && !"redis".equals(uri.getScheme())) || uri.getHost() == null || uri.getQuery() != null) {
            throw new IllegalArgumentException(EXPECTED);
        }
        String host = uri.getHost();
        String userInfo = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo();
        int colon = userInfo.indexOf(':');
        return new RedisUrl(
                tls,
                decode(colon < 0 ? userInfo : userInfo.substring(0, colon)),
                new Secret(colon < 0 ? "" : decode(userInfo.substring(colon + 1))),
                new HostPort(
                        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                        uri.getPort() < 0 ? 6379 : uri.getPort()),
                database(uri.getPath()));
    }

    /**
     * Returns the text of one URL or of a list, masked up to its last {@code @}, because a password may contain characters
     * that should have been encoded. A query is masked too, because other clients accept a password there.
     */
    static String mask(String text) {
        String masked = USER_INFO.matcher(text).replaceFirst("$1***@");
        int query = masked.indexOf('?');
        return query < 0 ? masked : masked.substring(0, query) + "?***";
    }

    private static int database(String path) {
        if (path.isEmpty() || path.equals("/")) {
            return 0;
        }
        try {
            int database = Integer.parseInt(path.substring(1));
            if (database >= 0) {
                return database;
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw new IllegalArgumentException("a database number after the host, such as /2");
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
