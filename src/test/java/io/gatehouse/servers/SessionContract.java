package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import io.gatehouse.testing.Eventually;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the session clauses of the Servlet specification, and that sessions are stored before a response is committed. */
public abstract class SessionContract extends SessionLife {

    private Answer get(String path) {
        return client().browser().get(Node.url(Node.ONE, "/shop" + path));
    }

    private long[] times() {
        String[] times = ask("/contract/times").split(" ", -1);
        return new long[] {Long.parseLong(times[0]), Long.parseLong(times[1])};
    }

    @Test
    void reportsTheTimeOfThePreviousRequest() {
        long[] first = times();
        assertThat(first[1]).isEqualTo(first[0]);
        Eventually.nextMillisecond();
        long before = System.currentTimeMillis();
        ask("/contract/quiet"); // an access, although it does not use the session
        long after = System.currentTimeMillis();
        Eventually.nextMillisecond();
        long[] second = times();
        assertThat(second[0]).isEqualTo(first[0]);
        assertThat(second[1]).isBetween(before, after);
    }

    @Test
    void isNewDuringItsFirstRequestOnly() {
        assertThat(ask("/contract/new")).isEqualTo("true true");
        assertThat(ask("/contract/new")).isEqualTo("false false");
        assertThat(new SessionClient().get(Node.ONE, "/contract/new-forwarded")).isEqualTo("true true");
    }

    @Test
    void neverExpiresWithATimeoutOfZeroOrLess() {
        assertThat(ask("/contract/interval")).isEqualTo("1800");
        assertThat(ask("/contract/interval?seconds=0")).isEqualTo("-1");
        assertThat(ask("/contract/interval")).isEqualTo("-1");
        assertThat(ask("/contract/interval?seconds=-7")).isEqualTo("-1");
        assertThat(ask("/contract/interval?seconds=60")).isEqualTo("60");
        assertThat(ask("/contract/interval")).isEqualTo("60");
    }

    @Test
    void replacesAnInvalidatedSessionByOneWithAnotherCookie() {
        ask("/contract/new");
        String before = client().browser().token();
        Answer answer = get("/contract/again");
        assertThat(answer.body()).isEqualTo("true true true null false");
        assertThat(answer.setCookies()).hasSize(1);
        assertThat(client().browser().token()).isNotEqualTo(before);
        assertThat(ask("/contract/new")).isEqualTo("false false");
    }

    @Test
    void neverAppearsInUrls() {
        assertThat(ask("/contract/urls")).isEqualTo("/x /y?z");
        assertThat(ask("/contract/urls")).isEqualTo("/x /y?z");
    }

    @Test
    void isStoredByAResponseWithoutABody() {
        assertThat(get("/contract/not-modified").status()).isEqualTo(304);
        assertThat(ask("/contract/seen")).isEqualTo("true");
    }

    @Test
    void isSharedWithHeadRequests() {
        ask("/contract/new");
        Answer head = client().browser()
                .send(HttpRequest.newBuilder(URI.create(Node.url(Node.ONE, "/shop/session/count")))
                        .method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.setCookies()).isEmpty();
        assertThat(ask("/session/count")).isEqualTo("2");
    }

    @Test
    void isFoundByTheFirstValidOneOfSeveralCookies() {
        ask("/session/count");
        String token = client().browser().token();
        Browser browser = new Browser().withCookie("x", "y; sid=forged; sid=" + token + "; sid=more");
        assertThat(browser.get(Node.url(Node.ONE, "/shop/session/count")).body())
                .isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redirect",
                "error",
                "errormessage",
                "flush",
                "streamflush",
                "writerflush",
                "streamclose",
                "writerclose",
                "streamoverflow",
                "streamprint",
                "singlebytes",
                "writeroverflow",
                "writerunicode",
                "length",
                "lengthheader",
                "nonblocking",
                "end",
                "reset",
                "nothing"
            })
    void isStoredAndItsCookieSetBeforeTheResponseIsCommitted(String way) {
        Answer answer = get("/commit/" + way);
        assertThat(answer.status()).isEqualTo(way.equals("redirect") ? 302 : way.startsWith("error") ? 418 : 200);
        assertThat(answer.setCookies()).hasSize(1);
        assertThat(ask("/commit/made")).isEqualTo(way);
        if (way.equals("reset")) {
            assertThat(answer.body()).isEqualTo("kept");
        }
    }

    /** The client may request the target of a redirect before the redirecting request has ended. */
    @Test
    void isAvailableToTheTargetOfARedirect() {
        for (int i = 0; i < 20; i++) {
            SessionClient other = new SessionClient();
            other.get(Node.ONE, "/commit/redirect", 302);
            assertThat(other.get(Node.ONE, "/commit/made")).isEqualTo("redirect");
        }
    }

    @Test
    void isNotCreatedAfterTheResponseIsCommittedButStoresLaterChanges() {
        assertThat(ask("/commit/late")).isEqualTo("too late");
        assertThat(redis().keys()).noneMatch(key -> key.contains(":s:"));
        ask("/commit/after");
        Eventually.within(
                Duration.ofSeconds(5), () -> assertThat(ask("/commit/made")).isEqualTo("after"));
    }

    /** After a redirect or an error, Catalina commits the response at the end of the request, other servers at once. */
    @ParameterizedTest
    @ValueSource(strings = {"redirect", "error", "flush", "end"})
    void changesItsIdOnlyIfTheClientCanReceiveIt(String way) {
        ask("/contract/new");
        String before = client().browser().token();
        Answer answer = get("/commit/changed-" + way);
        Eventually.within(
                Duration.ofSeconds(5), () -> assertThat(ask("/commit/made")).isIn("changed", "refused"));
        boolean changed = ask("/commit/made").equals("changed");
        assertThat(changed).isEqualTo(!client().browser().token().equals(before));
        assertThat(answer.setCookies()).hasSize(changed ? 1 : 0);
        if (way.equals("flush") || way.equals("end")) {
            assertThat(changed).isEqualTo(way.equals("end"));
        }
        if (Server.PAYARA.isUnderTest()) {
            assertThat(changed).isEqualTo(!way.equals("flush"));
        }
    }

    @Test
    void isSharedByForwardsAsynchronousCyclesAndDispatches() {
        assertThat(ask("/dispatch/async")).isEqualTo("3 true");
        assertThat(ask("/dispatch/async")).isEqualTo("6 true");
    }

    @Test
    void makesResponsesWithItsCookiePrivate() {
        Answer answer = get("/contract/cached");
        assertThat(answer.setCookies()).hasSize(1);
        assertThat(answer.header("cache-control")).contains("private").doesNotContain("public");
        assertThat(get("/contract/cached").header("cache-control")).isEqualTo("public, max-age=3600");
    }

    @Test
    void addsNoRequestAttribute() {
        assertThat(ask("/contract/attributes")).isEqualTo("[]");
    }
}
