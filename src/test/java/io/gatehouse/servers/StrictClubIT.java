package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules for the lifetime and the number of sessions, and a cookie as web.xml wants it. */
@OnServer
class StrictClubIT {
    private static final String COOKIE = "club-pass";
    /** Servers say when, or for how many seconds. */
    private static final String OUTLIVES = "(?i).*; (Expires=[^;]+ GMT|Max-Age=(86399[0-9]|864000))\\b.*";

    private Browser member = new Browser();

    @Deployment(testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive club() {
        return Wars.strictClub();
    }

    @BeforeEach
    void forgetAll() {
        ServerTestEnvironment.redis().flush();
        member = new Browser();
    }

    private static Answer get(Browser browser, String path) {
        return browser.get(Node.url(Node.ONE, "/club/club" + path));
    }

    private Answer get(String path) {
        return get(member, path);
    }

    @Test
    void theCookieIsAsWebXmlWantsIt() {
        String sameSite = Server.LIBERTY.isUnderTest() ? "Strict" : "Lax"; // the others do not tell of attributes
        assertThat(get("/visit").setCookies())
                .singleElement()
                .asString()
                .startsWith(COOKIE + "=v1.")
                .containsIgnoringCase("; Path=/club/club")
                .containsIgnoringCase("; HttpOnly")
                .containsIgnoringCase("; SameSite=" + sameSite);
    }

    @Test
    void anIdThatIsReplacedForItsAgeIsToldAgainUntilTheClientHasIt() {
        assertThat(get("/visit").body()).isEqualTo("1");
        String old = String.valueOf(member.cookie(COOKIE));
        assertThat(get("/visit").body()).isEqualTo("2");
        assertThat(member.cookie(COOKIE)).isNotEqualTo(old);

        Browser late = new Browser().withCookie(COOKIE, old); // whose answer with the new one got lost
        assertThat(get(late, "/visit").body()).isEqualTo("3");
        assertThat(late.cookie(COOKIE)).isNotEqualTo(old);
    }

    @Test
    void theCookieOfARememberedSessionOutlivesTheBrowser() {
        assertThat(get("/visit").setCookies()).noneMatch(cookie -> cookie.matches(OUTLIVES));
        assertThat(get("/remember").setCookies()).singleElement().asString().matches(OUTLIVES);
        assertThat(get("/visit").body()).isEqualTo("2");
    }

    @Test
    void aLogInBeyondTheLimitIsForbidden() {
        assertThat(get("/log-in?what=ada").status()).isEqualTo(200);
        assertThat(get("/log-in?what=ada").status()).isEqualTo(200);
        Browser second = new Browser();
        Answer refused = get(second, "/log-in?what=ada");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.setCookies()).isEmpty();
        assertThat(get("/log-out").status()).isEqualTo(200);
        assertThat(get(second, "/log-in?what=ada").status()).isEqualTo(200);
    }

    @Test
    void whatMattersWantsARecentLogIn() {
        assertThat(get("/pay?within=60").status()).isEqualTo(401);
        get("/log-in?what=ada");
        assertThat(get("/pay?within=60").body()).isEqualTo("done");
        assertThat(get("/pay?within=0").status()).isEqualTo(401);
        assertThat(get("/renew").status()).isEqualTo(200);
        assertThat(get("/pay?within=60").body()).isEqualTo("done");
    }
}
