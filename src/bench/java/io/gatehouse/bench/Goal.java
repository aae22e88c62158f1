package io.gatehouse.bench;

import java.util.Locale;

/** What Gatehouse aims at. A goal that is missed is reported and does not fail the build: speed depends on the machine. */
enum Goal {
    READ("read, session and 3 rules, against one bare GET", Kind.LEAST, 0.75, ""),
    READ_1("the same with one session for all connections", Kind.LEAST, 0.75, ""),
    READ_1000("the same with 1,000 sessions", Kind.LEAST, 0.75, ""),
    READ_SPRING("read, session and 3 rules, against Spring Session + Bucket4j with 1 rule", Kind.LEAST, 6.5, " x"),
    LEASED("read with leased copies, session and 3 rules, against one bare GET", Kind.LEAST, 1.3, ""),
    LEASED_1("the same with one session for all connections", Kind.LEAST, 1.3, ""),
    LEASED_1000("the same with 1,000 sessions", Kind.LEAST, 1.3, ""),
    LEASED_SPRING(
            "read with leased copies, session and 3 rules, against Spring Session + Bucket4j with 1 rule",
            Kind.LEAST,
            10,
            " x"),
    CONTAINER("read as a session of the container, against the same with the filter", Kind.LEAST, 0.95, ""),
    WRITE("change, session and 3 rules, against one bare GET", Kind.LEAST, 0.4, ""),
    REFUSED("refused with 429, against no filter", Kind.LEAST, 0.85, ""),
    NO_COOKIE("no cookie and no rule, against no filter", Kind.LEAST, 0.97, ""),
    P99_16("99th percentile at 16 connections, against one bare GET", Kind.MOST, 1.5, " x"),
    P99_64("99th percentile at 64 connections, against one bare GET", Kind.MOST, 1.5, " x"),
    ALLOCATION("allocated for a read with session and 3 rules", Kind.MOST, 10, " KB"),
    WARM("speed after 8 s of load, as a share of the steady speed", Kind.LEAST, 0.8, ""),
    WARMED("the same with GATEHOUSE_WARM_UP", Kind.LEAST, 0.8, ""),
    START("start of a small WAR beyond the bare server", Kind.MOST, 0.3, " s"),
    IDLE("Redis commands of an idle node in a second", Kind.MOST, 2, ""),
    CACHE("first-level cache hit, against Caffeine alone", Kind.MOST, 2, " x"),
    LIMITS("four-level decision, exact, against one bare GET", Kind.LEAST, 0.6, ""),
    LIMITS_LEASED("the same with prefetched tokens", Kind.LEAST, 5, "");

    private final String title;
    private final Kind kind;
    private final double bound;
    private final String unit;

    private enum Kind {
        LEAST,
        MOST
    }

    Goal(String title, Kind kind, double bound, String unit) {
        this.title = title;
        this.kind = kind;
        this.bound = bound;
        this.unit = unit;
    }

    String title() {
        return title;
    }

    String bound() {
        return (kind == Kind.LEAST ? "at least " : "at most ") + number(bound);
    }

    String number(double value) {
        return String.format(Locale.ROOT, value >= 10 ? "%.1f%s" : "%.2f%s", value, unit);
    }

    boolean isKept(double value) {
        return kind == Kind.LEAST ? value >= bound : value <= bound;
    }
}
