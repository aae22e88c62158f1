package io.gatehouse.bench;

import java.util.Map;
import java.util.TreeMap;

/** The rate limits of the rows. Except for the row of refusals they admit everything: their cost is measured, not their effect. */
final class Rules {
    static final String SETTING = "GATEHOUSE_RATE_LIMITS";
    static final String BUCKETS = "bench.buckets";

    private Rules() {}

    static Map<String, String> none() {
        return Map.of(SETTING, "none");
    }

    /** One limit for each address, one for each user, and one for the endpoint. */
    static Map<String, String> three() {
        return Map.of(SETTING, """
                ip.level = ip
                ip.limit = 60000000/min
                user.level = user
                user.limit = 60000000/min
                endpoint.match = /*
                endpoint.level = endpoint
                endpoint.limit = 60000000/min
                """);
    }

    /** One request a day from each address. */
    static Map<String, String> refusing() {
        return Map.of(SETTING, """
                refused.match = /refused
                refused.level = ip
                refused.limit = 1/day
                """);
    }

    /** The same limits in Bucket4j: of the address, of the user, of the endpoint. */
    static Map<String, String> bucket4j(int rules) {
        return Map.of(BUCKETS, "" + rules);
    }

    static Map<String, String> and(Map<String, String> settings, String name, String value) {
        Map<String, String> all = new TreeMap<>(settings);
        all.put(name, value);
        return all;
    }
}
