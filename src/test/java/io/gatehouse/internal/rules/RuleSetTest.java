package io.gatehouse.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.rules.RuleReader.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of rule matching and of the version of a rule set. */
class RuleSetTest {
    private static final String RULES = """
            posts.match = POST
            posts.level = ip
            posts.limit = 10/min
            login.match = POST PUT /login, POST PUT /api/login
            login.level = ip
            login.limit = sliding 5/min
            login.counts = failures 403 401
            pages.match = *.xhtml, /pages/*
            pages.level = user
            pages.limit = 100/hour burst 20
            api.match = /api/*
            api.level = endpoint
            api.limit = 1000/10s
            api.lease = true
            all.level = ip+header:X-Tenant
            all.limit = 3000/min
            allow = 10.0.0.0/8
            deny = 192.0.2.7
            """;

    @ParameterizedTest
    @CsvSource({
        "POST,/login,posts login all",
        "PUT,/login,login all",
        "GET,/login,all",
        "post,/login,all",
        "POST,/login/,posts all",
        "POST,/api/login,posts login api all",
        "GET,/api,api all",
        "GET,/apis,all",
        "GET,/pages/a.xhtml,pages all",
        "GET,/a/b.xhtml,pages all",
        "OPTIONS,*,all",
        "GET,'',all"
    })
    void findsTheRulesOfARequestInTheirOrder(String method, String path, String names) {
        assertThat(read(RULES).matching(method, path))
                .extracting(RateLimitRule::name)
                .containsExactly(names.split(" "));
    }

    @Test
    void findsNoRuleForAnUnmatchedRequest() {
        RuleSet rules = read("r.match = POST /a, POST *.b\nr.level = ip\nr.limit = 1/s");
        assertThat(rules.matching("POST", "/b")).isEmpty();
        assertThat(rules.matching("GET", "/a")).isEmpty();
        assertThat(rules.matching("GET", "/x.b")).isEmpty();
        assertThat(RuleSet.NONE.matching("GET", "/a")).isEmpty();
    }

    @Test
    void findsTheLastOfTheLargestNumberOfRules() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 64; i++) {
            text.append("r%d.match = /p%d/*\nr%d.level = ip\nr%d.limit = 1/s\n".replace("%d", Integer.toString(i)));
        }
        assertThat(read(text.toString()).matching("GET", "/p63/x"))
                .extracting(RateLimitRule::name)
                .containsExactly("r63");
    }

    /** Only rules that are built in code can have no path. */
    @Test
    void aRuleWithoutPathsMatchesEveryPath() {
        RateLimitRule read = read("r.level = ip\nr.limit = 1/s").rules().get(0);
        RateLimitRule made = TestRule.from(read).paths().build();
        RuleSet rules = new RuleSet(List.of(made), List.of(), List.of());
        assertThat(rules.matching("GET", "/a")).containsExactly(made);
        assertThat(read(rules.text()).rules()).containsExactly(read);
    }

    @Test
    void theTextReadsBackAsTheSameRules() {
        RuleSet rules = read(RULES);
        RuleSet again = read(rules.text());
        assertThat(again.rules()).isEqualTo(rules.rules());
        assertThat(again.allow()).isEqualTo(rules.allow());
        assertThat(again.deny()).isEqualTo(rules.deny());
        assertThat(again.version()).isEqualTo(rules.version());
        assertThat(rules.toString().lines()).contains("login.match = POST PUT /login, POST PUT /api/login");
    }

    @Test
    void theCreationOfASessionMatchesOnlySessionRules() {
        RuleSet rules = read("""
                a.match = /x/*
                a.level = ip
                a.limit = 5/min
                a.counts = Sessions
                b.level = network
                b.limit = 5/min
                """);
        assertThat(rules.matching("GET", "/x/y"))
                .extracting(RateLimitRule::name)
                .containsExactly("b");
        assertThat(rules.matchingSessions("GET", "/x/y"))
                .extracting(RateLimitRule::name)
                .containsExactly("a");
        assertThat(rules.matchingSessions("GET", "/y")).isEmpty();
        assertThat(read(rules.text()).version()).isEqualTo(rules.version());
        assertThat(rules.text()).contains("a.counts = sessions");
    }

    /** Nodes compare versions, so the version must not depend on the iteration order of sets. */
    @Test
    void theVersionNeverDependsOnTheNode() {
        assertThat(read(RULES).version()).isEqualTo("2e220f6b5c1f");
    }

    @Test
    void theVersionChangesWithEveryRelevantChange() {
        String version = read(RULES).version();
        for (List<String> change : List.of(
                List.of("posts.limit = 10/min", "posts.limit = 11/min"),
                List.of("sliding 5/min", "5/min"),
                List.of("POST PUT /api/login", "PUT POST /api/sign-in"),
                List.of("burst 20", "burst 21"),
                List.of("403 401", "403 400"),
                List.of("user", "ip"),
                List.of("lease = true", "mode = dry-run"),
                List.of("lease = true", "on-redis-failure = open"),
                List.of("10.0.0.0/8", "10.0.0.0/9"),
                List.of("deny", "#"))) {
            assertThat(read(RULES.replace(change.get(0), change.get(1))).version())
                    .as(change.toString())
                    .isNotEqualTo(version);
        }
        assertThat(read("# a comment\n" + RULES.replace("10/min", "10/60s")).version())
                .isEqualTo(version);
    }

    private static RuleSet read(String text) {
        return ((Outcome.Accepted) RuleReader.read(text, (json, into) -> {})).rules();
    }
}
