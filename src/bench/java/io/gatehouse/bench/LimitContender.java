package io.gatehouse.bench;

/** A contender of the rate-limit benchmark. */
enum LimitContender {
    BARE_GET("one bare GET"),
    GATEHOUSE("Gatehouse, all four in Redis"),
    GATEHOUSE_LEASED("Gatehouse, tokens prefetched"),
    BUCKET4J("Bucket4j, four buckets");

    private final String title;

    LimitContender(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
