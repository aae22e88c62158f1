package io.gatehouse.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.cli.Console.Ended;
import io.gatehouse.testing.App;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the command {@code config} prints settings and no secret. */
class ConfigCommandTest {
    @TempDir
    private Path folder = Path.of("");

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

    @Test
    void readsVariablesFromFilesBelowTheEnvironmentAndAboveTheProperties() throws IOException {
        Path first = Files.writeString(
                folder.resolve("first.env"),
                "GATEHOUSE_APPLICATION=other\nexport GATEHOUSE_KEY_PREFIX='first' # comment\nGATEHOUSE_COOKIE_NAME=c\n");
        Path second = Files.writeString(folder.resolve("second.env"), "GATEHOUSE_KEY_PREFIX=second\n");
        Path properties = Files.writeString(
                folder.resolve("shop.properties"), "GATEHOUSE_KEY_PREFIX=third\nGATEHOUSE_COOKIE_NAME=d\n");
        Ended ended = Console.of("redis://127.0.0.1:1/0")
                .run(
                        "config",
                        "--set",
                        "--config",
                        properties.toString(),
                        "--env-file",
                        first.toString(),
                        "--env-file",
                        second.toString());
        assertThat(ended.code()).as(ended.errors()).isZero();
        assertThat(ended.out())
                .containsPattern("GATEHOUSE_APPLICATION +shop +environment")
                .containsPattern("GATEHOUSE_KEY_PREFIX +second +.*second.env")
                .containsPattern("GATEHOUSE_COOKIE_NAME +c +.*first.env");
        Path bad = Files.writeString(folder.resolve("bad.env"), "A=1\nhunter2\n");
        Ended refused = new Console().run("stats", "--env-file", bad.toString());
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.errors())
                .contains("--env-file: " + bad + ", line 2 has no variable; expected NAME=value")
                .doesNotContain("hunter2");
        assertThat(new Console().run("stats", "--env-file", folder + "/none").code())
                .isEqualTo(2);
    }
}
