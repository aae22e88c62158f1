package io.gatehouse.internal.redis;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.HostAndPort;

/** Host and port of one server. */
public record HostPort(String host, int port) {
    private static final Pattern FORM = Pattern.compile("(?:([\\w.-]+)|\\[([0-9A-Fa-f:.]+(?:%[\\w.-]+)?)]):(\\d{1,5})");

    /** Reads {@code host1:6379,host2:6379}; IPv6 addresses stand in brackets. */
    static List<HostPort> parseList(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .map(HostPort::parse)
                .toList();
    }

    /** An exception of this holds nothing of the text, which may hold a password. */
    private static HostPort parse(String text) {
        if (text.indexOf('@') >= 0) {
            throw new IllegalArgumentException(
                    "host:port,host:port,... without user and password, which other settings hold:"
                            + " GATEHOUSE_REDIS_USER and GATEHOUSE_REDIS_PASSWORD, for the sentinels GATEHOUSE_REDIS_SENTINEL_USER"
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

    public HostAndPort forJedis() {
        return new HostAndPort(host, port);
    }
}
