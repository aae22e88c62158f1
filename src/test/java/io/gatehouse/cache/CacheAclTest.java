package io.gatehouse.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** The rights that our documentation asks for are enough for the cache. */
class CacheAclTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void aUserWithTheDocumentedRightsCanDoEverything() throws IOException {
        String page = Files.readString(Path.of("src/docs/configuration.md"));
        int start = page.indexOf("- **ACL**");
        String rights = page.substring(start, page.indexOf("- **Eviction**", start));
        Stream<String> commands = Pattern.compile("\\+[a-z|]+|&gatehouse:\\*")
                .matcher(rights)
                .results()
                .map(MatchResult::group);
        try (TestRedis redis = TestRedis.start();
                Jedis client = new Jedis("127.0.0.1", redis.port())) {
            client.aclSetUser(
                    "gate",
                    Stream.concat(Stream.of("on", ">secret", "resetchannels", "~gatehouse:*"), commands)
                            .toArray(String[]::new));
            try (CacheNode node =
                    new CacheNode(Map.of("REDIS_URL", "redis://gate:secret@127.0.0.1:" + redis.port() + "/0"))) {
                Eventually.holds("it listens", LONG, node.cache::isConnected);
                node.cache.beat();
                assertThat(node.region().<String>getOrSet("a", List.of("t"), () -> "value", LONG))
                        .isEqualTo("value");
                node.region().put("b", "value", List.of("t"));
                assertThat(node.cache.invalidator().invalidateByTag("t").entries())
                        .isEqualTo(2);
                assertThat(node.<String>get("a")).isNull();
                assertThat(node.cache.invalidator().invalidateAll("default").entries())
                        .isEqualTo(2);
                assertThat(node.cache.gaps()).isZero();
            }
        }
    }
}
