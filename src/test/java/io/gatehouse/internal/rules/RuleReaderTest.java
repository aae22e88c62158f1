package io.gatehouse.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.rules.RateLimitRule.Mode;
import io.gatehouse.internal.rules.RateLimitRule.OnRedisFailure;
import io.gatehouse.internal.rules.RuleReader.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of rules as properties: valid rules, and the messages for invalid ones. */
class RuleReaderTest {
    private static final String RULE = "r.level = ip\nr.limit = 5/min\n";

    @Test
    void readsEveryKeyOfARule() {
        assertThat(accepted("""
                login.match = POST /login, POST /j_security_check
                login.level = ip+endpoint
                login.limit = sliding 5/min
                login.cost = 2
                login.counts = failures 400 401
                login.mode = dry-run
                login.on-redis-failure = closed
                """).rules())
                .containsExactly(TestRule.of(
                                "login",
                                KeyExpression.parse("endpoint+ip"),
                                new SlidingWindow(5, Duration.ofMinutes(1)))
                        .methods("POST")
                        .paths("/login", "/j_security_check")
                        .cost(2)
                        .mode(Mode.DRY_RUN)
                        .onRedisFailure(OnRedisFailure.CLOSED)
                        .failures(400, 401)
                        .build());
    }

    @Test
    void aMinimalRuleEnforcesItsLimitOnEveryRequest() {
        assertThat(accepted(RULE).rules())
                .containsExactly(TestRule.of("r", "ip", "5/min")
                        .onRedisFailure(OnRedisFailure.LOCAL)
                        .build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/a|*|/a",
                "/a, /b/* , *.css|*|/a /b/* *.css",
                "/a, /a|*|/a",
                "post /a|POST|/a",
                "PUT POST /a, POST  PUT /b|POST PUT|/a /b",
                "DELETE|DELETE|/*",
                "GET /a|GET HEAD|/a",
                "VERSION-CONTROL /a|VERSION-CONTROL|/a"
            })
    void readsMethodsAndPaths(String match, String methods, String paths) {
        RateLimitRule rule = accepted(RULE + "r.match = " + match).rules().get(0);
        assertThat(rule.methods()).isEqualTo(methods.equals("*") ? Set.of() : Set.of(methods.split(" ")));
        assertThat(rule.paths().stream().map(PathPattern::text)).containsExactly(paths.split(" "));
    }

    @Test
    void aRuleForNamedEndpointsMatchesNoRequestUnlessItAlsoMatchesPaths() {
        RuleSet named = accepted(RULE + "r.endpoint = login, transfer");
        assertThat(named.matching("POST", "/login")).isEmpty();
        assertThat(named.rules().get(0).matches("login")).isTrue();
        assertThat(named.rules().get(0).matches("export")).isFalse();
        assertThat(named.rules().get(0).matches("/login")).isFalse();
        RuleSet both = accepted(RULE + "r.match = POST /login\nr.endpoint = *");
        assertThat(both.matching("POST", "/login")).hasSize(1);
        assertThat(both.rules().get(0).matches("anything")).isTrue();
        assertThat(both.rules().get(0).matches("/anything")).isFalse();
        assertThat(accepted(both.toString()).rules()).isEqualTo(both.rules());
        assertThat(accepted(named.toString()).rules()).isEqualTo(named.rules());
    }

    @Test
    void readsTheRolesOnWhichARuleDepends() {
        RuleSet rules = accepted(RULE + "r.when = role:premium, role:gold, not role:test");
        RoleCondition when = rules.rules().get(0).when();
        assertThat(when).hasToString("role:gold, role:premium, not role:test");
        assertThat(when.holds(Set.of("gold")::contains)).isTrue();
        assertThat(when.holds(Set.of("gold", "test")::contains)).isFalse();
        assertThat(when.holds(Set.of("other")::contains)).isFalse();
        assertThat(accepted(rules.toString()).rules()).isEqualTo(rules.rules());
        assertThat(accepted(RULE).rules().get(0).when().holds(role -> false)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"all,''", "failures,401 403", "FAILURES 422,422", "'failures 401, 302',302 401"})
    void readsTheStatusesThatCount(String counts, String statuses) {
        RateLimitRule rule = accepted(RULE + "r.counts = " + counts).rules().get(0);
        assertThat(rule.failures().stream().sorted().map(String::valueOf))
                .containsExactlyElementsOf(statuses.isEmpty() ? List.of() : List.of(statuses.split(" ")));
    }

    @ParameterizedTest
    @CsvSource({
        "auto,AUTO",
        "true,ALWAYS",
        "Yes,ALWAYS",
        "1,ALWAYS",
        "Always,ALWAYS",
        "false,NEVER",
        "no,NEVER",
        "0,NEVER",
        "never,NEVER"
    })
    void readsTheLease(String text, RateLimitRule.Lease lease) {
        String rules = "r.level = endpoint\nr.limit = 5/min\nr.lease = " + text;
        assertThat(accepted(rules).rules().get(0).lease()).isEqualTo(lease);
    }

    @Test
    void keepsTheOrderOfTheRulesAndTheirNamesMayHaveDots() {
        String rules = "z.limit = 1/s\nz.level = ip\na.b.level = ip\na.b.limit = 1/s\na.level = ip\na.limit = 2/s";
        assertThat(accepted(rules).rules()).extracting(RateLimitRule::name).containsExactly("z", "a.b", "a");
    }

    @Test
    void readsTheAllowListAndTheDenyList() {
        RuleSet rules = accepted(RULE + "allow = 10.0.0.0/8, 2001:db8::/32,\ndeny = 192.0.2.7");
        assertThat(rules.allow()).containsExactly("10.0.0.0/8", "2001:db8::/32");
        assertThat(rules.deny()).containsExactly("192.0.2.7");
        assertThat(accepted(RULE + "allow =\n").allow()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void acceptsEveryLineEnding(String end) {
        String text =
                ("# comment\n  ! comment\n\n" + RULE + "r.match = /a, \\\n   /b\nr.limits = 1").replace("\n", end);
        assertThat(problems(text)).containsExactly("line 8: 'r.limits' is not a key of a rule; did you mean limit?");
        assertThat(accepted(text.replaceFirst("r\\.limits.*", ""))
                        .rules()
                        .get(0)
                        .paths())
                .containsExactly(new PathPattern("/a"), new PathPattern("/b"));
    }

    @Test
    void aContinuedLastLineIsCompleteAndAByteOrderMarkIsIgnored() {
        assertThat(accepted("\uFEFF" + RULE + "r.cost = 3\\").rules().get(0).cost())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "r.match =|line 3: r.match is ''; expected at least one path; a rule without match applies to every request",
                "r.match = /a*b|line 3: r.match is '/a*b'; expected paths as in a servlet mapping: /exact, /below/*, *.extension",
                "r.match = P0ST /a|line 3: r.match is 'P0ST /a'; expected methods before a path, such as POST /login",
                "r.match = POST /a, /b|line 3: r.match is 'POST /a, /b'; expected the same methods before each path; other methods need a separate rule",
                "r.match = POST, PUT /a|line 3: r.match is 'POST, PUT /a'; expected the same methods before each path; other methods need a separate rule",
                "r.endpoint =|line 3: r.endpoint is ''; expected at least one name that the application checks, or * for every name",
                "r.endpoint = /login|line 1: rule 'r': expected names of endpoints without spaces and without a slash at the start, or *",
                "r.endpoint = log in|line 1: rule 'r': expected names of endpoints without spaces and without a slash at the start, or *",
                "r.when = premium|line 3: r.when is 'premium'; expected role:NAME or not role:NAME, separated by commas",
                "r.when = role:|line 3: r.when is 'role:'; expected role:NAME or not role:NAME, separated by commas",
                "r.when =|line 3: r.when is ''; expected role:NAME or not role:NAME, separated by commas",
                "r.cost = 1.5|line 3: r.cost is '1.5'; expected a whole number",
                "r.cost = -1|line 3: r.cost is '-1'; expected a whole number",
                "r.cost = 9999999999999|line 3: r.cost is '9999999999999'; expected a whole number",
                "r.cost = 0|line 1: rule 'r': expected a cost from 1 to 5, the capacity of the limit",
                "r.cost = 6|line 1: rule 'r': expected a cost from 1 to 5, the capacity of the limit",
                "r.counts = successes|line 3: r.counts is 'successes'; expected all, sessions, or failures with the statuses that count, such as failures 401 403",
                "r.counts = failures 600|line 3: r.counts is 'failures 600'; expected all, sessions, or failures with the statuses that count, such as failures 401 403",
                "r.counts = sessions 401|line 3: r.counts is 'sessions 401'; expected all, sessions, or failures with the statuses that count, such as failures 401 403",
                "r.counts = all 401|line 3: r.counts is 'all 401'; expected all, sessions, or failures with the statuses that count, such as failures 401 403",
                "r.counts =|line 3: r.counts is ''; expected all, sessions, or failures with the statuses that count, such as failures 401 403",
                "r.mode = shadow|line 3: r.mode is 'shadow'; expected one of enforce, dry-run",
                "r.on-redis-failure = maybe|line 3: r.on-redis-failure is 'maybe'; expected one of open, closed, local",
                "r.lease = perhaps|line 3: r.lease is 'perhaps'; expected auto, always or never",
                "r.lease = true|line 1: rule 'r': expected lease = always only for the levels endpoint and global; auto for others",
                "r.limits = 5/min|line 3: 'r.limits' is not a key of a rule; did you mean limit?",
                "r.Level = ip|line 3: 'r.Level' is not a key of a rule; did you mean level?",
                "r.limit = 6/min|line 3: 'r.limit' is already set in line 2",
                "alow = 10.0.0.0/8|line 3: 'alow' is unknown; expected allow, deny, or a key of a rule such as login.limit",
                "allow = example.com|line 3: allow is 'example.com'; expected addresses and networks such as 192.0.2.7, 10.0.0.0/8, 2001:db8::/32, with only zeros after the prefix, not 'example.com'",
                "deny = 10.0.0.0/1234|line 3: deny is '10.0.0.0/1234'; expected addresses and networks such as 192.0.2.7, 10.0.0.0/8, 2001:db8::/32, with only zeros after the prefix, not '10.0.0.0/1234'",
                "r.limit 5/min|line 3: 'r.limit 5/min' has no '='; expected a name and a value such as login.limit = 5/min",
            })
    void reportsAnInvalidEntryWithItsLine(String line, String problem) {
        assertThat(problems(RULE + line)).containsExactly(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "r.level = ip|line 1: rule 'r' has no limit",
                "r.limit = 5/min|line 1: rule 'r' has no level",
                "Login.level = ip\\nLogin.limit = 5/min|line 1: rule 'Login': expected a name of lower case letters, digits and . _ -",
                "r.level = ip\\nr.limit = 5/fortnight|line 2: r.limit is '5/fortnight'; expected a period in s, min, hour or day",
                "r.level = ip\\nr.limit = lots|line 2: r.limit is 'lots'; expected a limit such as 5/min, 100/hour burst 20, or sliding 1000/day",
                "r.level = ip\\nr.limit = 0/min|line 2: r.limit is '0/min'; expected at least 1 token for each period",
                "r.limit = 5/min\\nr.level = planet|line 2: r.level is 'planet'; expected ip, network, user, endpoint, global, api-key, header:X-Name, or several with + between",
                "# nothing|line 1: found no rule; to use none, set GATEHOUSE_RATE_LIMITS to none",
                "allow = 10.0.0.0/8|line 1: found no rule; to use none, set GATEHOUSE_RATE_LIMITS to none",
                "|line 1: found no rule; to use none, set GATEHOUSE_RATE_LIMITS to none",
            })
    void reportsAnInvalidRule(String text, String problem) {
        assertThat(problems(text == null ? "" : text.replace("\\n", "\n"))).containsExactly(problem);
    }

    @Test
    void rejectsALeaseInARuleThatCountsFailures() {
        assertThat(problems("r.level = global\nr.limit = 5/min\nr.lease = yes\nr.counts = failures"))
                .containsExactly("line 1: rule 'r': expected no lease in a rule that counts only failures");
    }

    @Test
    void reportsAllProblemsInTheOrderOfLines() {
        assertThat(problems("a.limit = 5/year\nb.levle = ip\nb.limit = 1/s\nnonsense\ndeny = me"))
                .containsExactly(
                        "line 1: a.limit is '5/year'; expected a period in s, min, hour or day",
                        "line 1: rule 'a' has no level",
                        "line 2: 'b.levle' is not a key of a rule; did you mean level?",
                        "line 2: rule 'b' has no level",
                        "line 4: 'nonsense' has no '='; expected a name and a value such as login.limit = 5/min",
                        "line 5: deny is 'me'; expected addresses and networks such as 192.0.2.7, 10.0.0.0/8, 2001:db8::/32, with only zeros after the prefix, not 'me'");
    }

    @Test
    void limitsTheNumberOfReportedProblems() {
        List<String> problems = problems("nonsense\n".repeat(53));
        assertThat(problems).hasSize(51).last().isEqualTo("and 3 more");
    }

    @Test
    void quotesLongAndUnprintableTextsSafely() {
        assertThat(RuleReader.quoted("a\u0007b\tc")).isEqualTo("'a?b?c'");
        assertThat(RuleReader.quoted("x".repeat(100))).isEqualTo("'" + "x".repeat(80) + "...'");
    }

    @Test
    void rejectsMoreThanSixtyFourRules() {
        assertThat(accepted(many(64)).rules()).hasSize(64);
        assertThat(problems(many(65))).containsExactly("line 1: expected no more than 64 rules, not 65");
    }

    private static String many(int rules) {
        StringBuilder text = new StringBuilder();
        IntStream.range(0, rules).forEach(i -> text.append(RULE.replace("r.", "r" + i + ".")));
        return text.toString();
    }

    private static RuleSet accepted(String text) {
        Outcome outcome = RuleReader.read(text, (json, into) -> {});
        assertThat(outcome).as(text).isInstanceOf(Outcome.Accepted.class);
        return ((Outcome.Accepted) outcome).rules();
    }

    private static List<String> problems(String text) {
        Outcome outcome = RuleReader.read(text, (json, into) -> {});
        assertThat(outcome).as(text).isInstanceOf(Outcome.Rejected.class);
        return ((Outcome.Rejected) outcome).problems();
    }
}
