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

/** What the Servlet specification says of sessions, and that they are stored before an answer leaves. */
abstract class SessionContract extends SessionLife {

    private Answer get(String path) {
        return customer().browser().get(Node.url(Node.ONE, "/shop" + path));
    }

    private long[] times() {
        String[] times = ask("/contract/times").split(" ", -1);
        return new long[] {Long.parseLong(times[0]), Long.parseLong(times[1])};
    }

    @Test
    void knowsWhenItWasUsedBeforeThisRequest() {
        long[] first = times();
        assertThat(first[1]).isEqualTo(first[0]);
        Eventually.nextMillisecond();
        long before = System.currentTimeMillis();
        ask("/contract/quiet"); // does not ask for the session, and is an access too
        long after = System.currentTimeMillis();
        Eventually.nextMillisecond();
        long[] second = times();
        assertThat(second[0]).isEqualTo(first[0]);
        assertThat(second[1]).isBetween(before, after);
    }

    @Test
    void isNewForItsWholeFirstRequestAndNotWhenTheClientComesBack() {
        assertThat(ask("/contract/new")).isEqualTo("true true");
        assertThat(ask("/contract/new")).isEqualTo("false false");
        assertThat(new SessionClient().asks(Node.ONE, "/contract/new-forwarded"))
                .isEqualTo("true true");
    }

    @Test
    void livesForEverWithATimeOutOfZeroOrLess() {
        assertThat(ask("/contract/interval")).isEqualTo("1800");
        assertThat(ask("/contract/interval?seconds=0")).isEqualTo("-1");
        assertThat(ask("/contract/interval")).isEqualTo("-1");
        assertThat(ask("/contract/interval?seconds=-7")).isEqualTo("-1");
        assertThat(ask("/contract/interval?seconds=60")).isEqualTo("60");
        assertThat(ask("/contract/interval")).isEqualTo("60");
    }

    @Test
    void isFollowedByAnotherOneWithAnotherCookie() {
        ask("/contract/new");
        String before = customer().browser().token();
        Answer answer = get("/contract/again");
        assertThat(answer.body()).isEqualTo("true true true null false");
        assertThat(answer.setCookies()).hasSize(1);
        assertThat(customer().browser().token()).isNotEqualTo(before);
        assertThat(ask("/contract/new")).isEqualTo("false false");
    }

    @Test
    void isInNoUrl() {
        assertThat(ask("/contract/urls")).isEqualTo("/x /y?z");
        assertThat(ask("/contract/urls")).isEqualTo("/x /y?z");
    }

    @Test
    void isStoredByAnAnswerWithoutABody() {
        assertThat(get("/contract/not-modified").status()).isEqualTo(304);
        assertThat(ask("/contract/seen")).isEqualTo("true");
    }

    @Test
    void isTheSameOneForAHeadRequest() {
        ask("/contract/new");
        Answer head = customer()
                .browser()
                .send(HttpRequest.newBuilder(URI.create(Node.url(Node.ONE, "/shop/session/count")))
                        .method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.setCookies()).isEmpty();
        assertThat(ask("/session/count")).isEqualTo("2");
    }

    @Test
    void isFoundByTheFirstGenuineOfSeveralCookies() {
        ask("/session/count");
        String token = customer().browser().token();
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
    void isStoredAndItsCookieSetBeforeTheAnswerLeaves(String way) {
        Answer answer = get("/commit/" + way);
        assertThat(answer.status()).isEqualTo(way.equals("redirect") ? 302 : way.startsWith("error") ? 418 : 200);
        assertThat(answer.setCookies()).hasSize(1);
        assertThat(ask("/commit/made")).isEqualTo(way);
        if (way.equals("reset")) {
            assertThat(answer.body()).isEqualTo("kept");
        }
    }

    /** A redirect's target may be asked for before the redirecting request is over. */
    @Test
    void isThereForTheTargetOfARedirect() {
        for (int i = 0; i < 20; i++) {
            SessionClient other = new SessionClient();
            other.asks(Node.ONE, "/commit/redirect", 302);
            assertThat(other.asks(Node.ONE, "/commit/made")).isEqualTo("redirect");
        }
    }

    @Test
    void isNotMadeWhenTheClientCannotLearnOfItAndStoresWhatComesLater() {
        assertThat(ask("/commit/late")).isEqualTo("too late");
        assertThat(ServerTestEnvironment.redis().keys()).noneMatch(key -> key.contains(":s:"));
        ask("/commit/after");
        Eventually.within(
                Duration.ofSeconds(5), () -> assertThat(ask("/commit/made")).isEqualTo("after"));
    }

    /** Catalina sends the answer after a redirect or an error at the end of the request, others at once. */
    @ParameterizedTest
    @ValueSource(strings = {"redirect", "error", "flush", "end"})
    void hasANewIdThatTheClientLearnsOrKeepsTheOldOne(String way) {
        ask("/contract/new");
        String before = customer().browser().token();
        Answer answer = get("/commit/changed-" + way);
        Eventually.within(
                Duration.ofSeconds(5), () -> assertThat(ask("/commit/made")).isIn("changed", "refused"));
        boolean changed = ask("/commit/made").equals("changed");
        assertThat(changed).isEqualTo(!customer().browser().token().equals(before));
        assertThat(answer.setCookies()).hasSize(changed ? 1 : 0);
        if (way.equals("flush") || way.equals("end")) {
            assertThat(changed).isEqualTo(way.equals("end"));
        }
        if (Server.PAYARA.isUnderTest()) {
            assertThat(changed).isEqualTo(!way.equals("flush"));
        }
    }

    @Test
    void isThatOfTheOriginalRequestAfterAForwardAnAsynchronousCycleAndADispatch() {
        assertThat(ask("/dispatch/async")).isEqualTo("3 true");
        assertThat(ask("/dispatch/async")).isEqualTo("6 true");
    }

    @Test
    void hasItsCookieInAnAnswerForOneUser() {
        Answer answer = get("/contract/cached");
        assertThat(answer.setCookies()).hasSize(1);
        assertThat(answer.header("cache-control")).contains("private").doesNotContain("public");
        assertThat(get("/contract/cached").header("cache-control")).isEqualTo("public, max-age=3600");
    }

    @Test
    void isInNoAttributeOfTheRequest() {
        assertThat(ask("/contract/attributes")).isEqualTo("[]");
    }
}
