package io.gatehouse.internal.redis;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.HostAndPort;

/** The address of one server. Immutable. */
public record HostPort(String host, int port) {
    private static final Pattern FORM = Pattern.compile("(?:([\\w.-]+)|\\[([0-9A-Fa-f:.]+(?:%[\\w.-]+)?)]):(\\d{1,5})");

    /** Parses {@code host1:6379,host2:6379}; IPv6 addresses are in brackets. */
    static List<HostPort> parseList(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .map(HostPort::parse)
                .toList();
    }

    /** Parses one address. Exceptions contain nothing of the text, which may contain a password. */
    private static HostPort parse(String text) {
        if (text.indexOf('@') >= 0) {
            throw new IllegalArgumentException("host:port,host:port,... without user and password; set those with"
                    + " GATEHOUSE_REDIS_USER and GATEHOUSE_REDIS_PASSWORD, for sentinels with GATEHOUSE_REDIS_SENTINEL_USER"
                    + " and GATEHOUSE_REDIS_SENTINEL_PASSWORD");
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("host:port,host:port,...");
        }
        int port = Integer.parseInt(form.group(3));
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("ports from 1 to 65535");
        }
        return new HostPort(form.group(1) != null ? form.group(1) : form.group(2), port);
    }

    /** Returns an address of Jedis. */
    public static HostPort of(HostAndPort address) {
        return new HostPort(address.getHost(), address.getPort());
    }

    /** Returns the address as Jedis represents it. */
    public HostAndPort forJedis() {
        return new HostAndPort(host, port);
    }

    /** Returns {@code host:port}, with an IPv6 address in brackets. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
