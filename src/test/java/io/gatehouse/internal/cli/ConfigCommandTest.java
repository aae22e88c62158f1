package io.gatehouse.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.cli.Console.Ended;
import io.gatehouse.testing.App;
import org.junit.jupiter.api.Test;

/** Tests that the command {@code config} prints settings and no secret. */
class ConfigCommandTest {

    private static Console console() {
        return Console.of("redis://127.0.0.1:1/0");
    }

    @Test
    void printsTheConfigurationWithSecretsMasked() {
        Ended ended =
                console().set("REDIS_URL", "redis://me:secret@127.0.0.1:1/1").run("config");
        assertThat(ended.code()).as(ended.errors()).isZero();
        assertThat(ended.out())
                .containsPattern("REDIS_CONNECTION_TIMEOUT +5 +default")
                .doesNotContain("secret")
                .doesNotContain(App.KEYS.substring(3));
        Ended nodes = console()
                .set("REDIS_CLUSTER_NODES", "me:hidden@a:1,me:hidden@127.0.0.1:2")
                .set("REDIS_SENTINEL_HOSTS", "redis://me:hidden@127.0.0.1:3")
                .run("config");
        assertThat(nodes.code()).isEqualTo(2);
        assertThat(nodes.out())
                .containsPattern("REDIS_CLUSTER_NODES +[*]{3}@127\\.0\\.0\\.1:2 ")
                .containsPattern("REDIS_SENTINEL_HOSTS +redis://[*]{3}@127\\.0\\.0\\.1:3 ");
        assertThat(nodes.out() + nodes.errors()).doesNotContain("hidden");
        Ended broken =
                console().set("GATEHOUSE_KEYS", "").set("GATEHOUSE_KEYZ", "x").run("config");
        assertThat(broken.code()).isEqualTo(2);
        assertThat(broken.out()).contains("REDIS_URL");
        assertThat(broken.errors()).contains("GATEHOUSE_KEYZ").contains("GATEHOUSE_KEYS is");
    }
}
