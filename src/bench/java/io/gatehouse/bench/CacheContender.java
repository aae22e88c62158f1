package io.gatehouse.bench;

/** A contender of the cache benchmark. */
enum CacheContender {
    CAFFEINE("Caffeine alone, `getIfPresent`"),
    FIRST_LEVEL("Gatehouse, `getOrSet`, found in the process"),
    BARE_GET("one bare GET, verified and decoded"),
    SECOND_LEVEL("Gatehouse, `get`, found in Redis");

    private final String title;

    CacheContender(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
