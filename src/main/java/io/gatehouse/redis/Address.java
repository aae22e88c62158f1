package io.gatehouse.redis;

import java.util.Arrays;
import java.util.List;
import redis.clients.jedis.HostAndPort;

/** Host and port of one server. */
record Address(String host, int port) {

    /** Reads {@code host1:6379,host2:6379}; IPv6 addresses stand in brackets. */
    static List<Address> parseList(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .map(Address::parse)
                .toList();
    }

    private static Address parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean brackets = host.startsWith("[") && host.endsWith("]");
        if (host.isEmpty() || (host.indexOf(':') >= 0 && !brackets)) {
            throw new IllegalArgumentException("host:port,host:port,...");
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("ports from 1 to 65535");
            }
            return new Address(brackets ? host.substring(1, host.length() - 1) : host, port);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("host:port,host:port,...", e);
        }
    }

    HostAndPort forJedis() {
        return new HostAndPort(host, port);
    }
}
