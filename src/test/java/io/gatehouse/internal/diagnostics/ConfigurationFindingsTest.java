package io.gatehouse.internal.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.ConfigurationProblem;
import io.gatehouse.ProblemCode;
import io.gatehouse.internal.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the findings about the configuration. Redis is unavailable in all of them. */
@Timeout(60)
class ConfigurationFindingsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "GH-E020; GATEHOUSE_SESSION_LIMIT; many",
                "GH-E021; GATEHOUSE_KEYS; ''",
                "GH-E023; GATEHOUSE_KEYS; k1:c2hvcnQ",
                "GH-E023; GATEHOUSE_KEYS; no-colon",
                "GH-E024; GATEHOUSE_RATE_LIMITS; a.limit = often",
                "GH-E024; GATEHOUSE_RATE_LIMITS_FILE; /nowhere/at/all",
                "GH-E025; GATEHOUSE_TRUSTED_PROXIES; 10.0.0.0/8, 0.0.0.0/0",
                "GH-E025; GATEHOUSE_TRUSTED_PROXIES; ::/0",
                "GH-E025; GATEHOUSE_TRUSTED_PROXIES; ::ffff:0.0.0.0/96",
                "GH-W028; GATEHOUSE_TRUSTED_PROXIES; '192.0.2.1, 10.0.0.0/8'",
                "GH-W028; GATEHOUSE_TRUSTED_PROXIES; 10.0.0.0/15",
                "GH-W028; GATEHOUSE_TRUSTED_PROXIES; 2001:db8::/47",
                "GH-W028; GATEHOUSE_TRUSTED_PROXIES; ::ffff:10.0.0.0/111",
                "GH-W028; GATEHOUSE_TRUSTED_PROXIES; '0.0.0.0/1, 128.0.0.0/1'",
                "GH-W020; GATEHOUSE_SESION_LIMIT; 3",
                "GH-W021; GATEHOUSE_KEYS_FILE; /elsewhere",
                "GH-W023; GATEHOUSE_COOKIE_SECURE; auto",
                "GH-W024; GATEHOUSE_COOKIE_SAME_SITE; none",
                "GH-W025; GATEHOUSE_SESSION_SERIALIZATION; signed",
                "GH-W026; GATEHOUSE_SESSION_ABSOLUTE_TIMEOUT; 0",
                "GH-W027; GATEHOUSE_RATE_LIMITS; 'a.level=ip\na.limit=2/min\na.mode=dry-run'",
                "GH-I002; GATEHOUSE_ENABLED; False",
                "GH-I003; GATEHOUSE_SESSION_ENCRYPTION; False",
                "GH-I004; GATEHOUSE_TRUSTED_PROXIES; ''",
                "GH-I005; GATEHOUSE_RATE_LIMITS; none",
                "GH-I006; GATEHOUSE_SESSION_LIMIT; 0",
                "GH-I008; GATEHOUSE_SESSION_NOT_SERIALIZABLE; auto",
                "GH-I008; GATEHOUSE_SESSION_NOT_SERIALIZABLE; keep"
            })
    void reportsASetting(String id, String name, String value) {
        Map<String, String> settings = VerificationRunner.at(VerificationRunner.NOWHERE);
        settings.put(name, value);
        VerifyReport report = VerificationRunner.report(settings);
        assertThat(VerificationRunner.ids(report)).contains(id);
        assertThat(VerificationRunner.found(report, id)).contains(name.replace("_FILE", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "192.0.2.1",
                "10.0.0.0/16",
                "2001:db8::/48",
                "2001:db8::1",
                "::ffff:10.0.0.0/112",
                "10.0.0.1/8",
                "none"
            })
    void acceptsNarrowNetworksOfProxies(String trusted) {
        Map<String, String> settings = VerificationRunner.at(VerificationRunner.NOWHERE);
        settings.put("GATEHOUSE_TRUSTED_PROXIES", trusted);
        assertThat(VerificationRunner.ids(VerificationRunner.report(settings))).doesNotContain("GH-W028", "GH-E025");
    }

    @Test
    void reportsAKeyWhoseIdIsADateAYearAgo() {
        assertThat(VerificationRunner.ids(withKid("k2024-05"))).contains("GH-W022");
        assertThat(VerificationRunner.ids(withKid("20240517"))).contains("GH-W022");
        assertThat(VerificationRunner.ids(withKid("2099-05"))).doesNotContain("GH-W022");
        assertThat(VerificationRunner.ids(withKid("main"))).doesNotContain("GH-W022");
    }

    private static VerifyReport withKid(String kid) {
        Map<String, String> settings = VerificationRunner.at(VerificationRunner.NOWHERE);
        settings.computeIfPresent("GATEHOUSE_KEYS", (name, keys) -> keys.replace("k1:", kid + ":"));
        return VerificationRunner.report(settings);
    }

    @Test
    void reportsTheKeysOfTheDocumentation() throws IOException {
        String pages = Files.readString(Path.of("README.md"))
                + Files.readString(Path.of("src/docs/reference/configuration.md"));
        String key = Pattern.compile("[\\w-]+:[A-Za-z0-9_-]{43}=?")
                .matcher(pages)
                .results()
                .map(MatchResult::group)
                .findFirst()
                .orElseThrow();
        Map<String, String> settings = VerificationRunner.at(VerificationRunner.NOWHERE);
        settings.put("GATEHOUSE_KEYS", key);
        assertThat(VerificationRunner.ids(VerificationRunner.report(settings))).contains("GH-E022");
    }

    @Test
    void reportsEveryProblemAndStillRunsTheOtherChecks() {
        Map<String, String> settings = new TreeMap<>(VerificationRunner.at(VerificationRunner.NOWHERE));
        settings.put("GATEHOUSE_SESSION_LIMIT", "many");
        settings.put("GATEHOUSE_COOKIE_NAME", "a b");
        settings.put("REDIS_URL", "redis://:sesame/open@somewhere");
        VerifyReport report = VerificationRunner.report(settings);
        assertThat(VerificationRunner.found(report, "GH-E020"))
                .contains("GATEHOUSE_SESSION_LIMIT", "GATEHOUSE_COOKIE_NAME", "REDIS_URL")
                .doesNotContain("sesame", "open");
        assertThat(VerificationRunner.found(report, "GH-E001"))
                .contains("sessions", "rate_limit")
                .doesNotContain("cache:");
        assertThat(VerificationRunner.found(report, "GH-I001")).contains("cache: its Redis");
        assertThat(report.fails(Severity.ERROR)).isTrue();
    }

    @Test
    void reportsAnInvalidAdminTokenByItsOwnId() {
        Findings findings = new Findings();
        new ConfigurationChecks(new Config(List.of()), InstantSource.system(), findings)
                .addProblems(List.of(new ConfigurationProblem(
                        ProblemCode.INVALID_VALUE, "GATEHOUSE_ADMIN_TOKEN", "GATEHOUSE_ADMIN_TOKEN", "any text")));
        assertThat(findings.all()).singleElement().extracting(Finding::id).isEqualTo("GH-E026");
    }

    @Test
    void disclosesNoSecret() throws IOException {
        String secret = "open-sesame-" + "x".repeat(40);
        Path file = Files.writeString(folder.resolve("password"), secret);
        Map<String, String> settings = VerificationRunner.at("redis://user:" + secret + "@127.0.0.1:1/0");
        settings.put("GATEHOUSE_KEYS", "k1:" + secret);
        settings.put("GATEHOUSE_REDIS_PASSWORD_FILE", file.toString());
        settings.put("GATEHOUSE_REDIS_SENTINEL_PASSWORD", secret);
        settings.put("GATEHOUSE_REDIS_TLS_PRIVATE_KEY", secret);
        assertThat(VerificationRunner.report(settings).toString()).doesNotContain("sesame");
        for (String name : List.of("REDIS_CLUSTER_NODES", "REDIS_SENTINEL_HOSTS")) {
            settings.put(name, "user:" + secret + "@127.0.0.1:6379, redis://user:" + secret + "@127.0.0.1:6380");
            VerifyReport report = VerificationRunner.report(settings);
            assertThat(VerificationRunner.found(report, "GH-E020")).contains(name, "***@127.0.0.1:6380");
            assertThat(report.toString()).doesNotContain("sesame");
        }
    }
}
