package io.gatehouse.bench;

/** Limiters that are measured side by side. */
enum LimitContender {
    BARE_GET("one bare GET"),
    GATEHOUSE("Gatehouse, all four asked in Redis"),
    GATEHOUSE_LEASED("Gatehouse, endpoint and global leased"),
    BUCKET4J("Bucket4j, four buckets");

    private final String title;

    LimitContender(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
