package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests limits on the lifetime and number of sessions, and a cookie configured by web.xml. */
@OnServer
class StrictClubIT {
    private static final String COOKIE = "club-pass";
    /** Servers set either Expires or Max-Age. */
    private static final String PERSISTENT = "(?i).*; (Expires=[^;]+ GMT|Max-Age=(86399[0-9]|864000))\\b.*";

    private Browser member = new Browser();

    @Deployment(testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive club() {
        return Wars.strictClub();
    }

    @BeforeEach
    void reset() {
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
    void configuresTheCookieByWebXml() {
        String sameSite = Server.LIBERTY.isUnderTest() ? "Strict" : "Lax"; // the other servers do not expose attributes
        assertThat(get("/visit").setCookies())
                .singleElement()
                .asString()
                .startsWith(COOKIE + "=v1.")
                .containsIgnoringCase("; Path=/club/club")
                .containsIgnoringCase("; HttpOnly")
                .containsIgnoringCase("; SameSite=" + sameSite);
    }

    @Test
    void sendsARotatedIdAgainUntilTheClientUsesIt() {
        assertThat(get("/visit").body()).isEqualTo("1");
        String old = String.valueOf(member.cookie(COOKIE));
        assertThat(get("/visit").body()).isEqualTo("2");
        assertThat(member.cookie(COOKIE)).isNotEqualTo(old);

        Browser late = new Browser().withCookie(COOKIE, old); // lost the response with the new id
        assertThat(get(late, "/visit").body()).isEqualTo("3");
        assertThat(late.cookie(COOKIE)).isNotEqualTo(old);
    }

    @Test
    void makesTheCookieOfARememberedSessionPersistent() {
        assertThat(get("/visit").setCookies()).noneMatch(cookie -> cookie.matches(PERSISTENT));
        assertThat(get("/remember").setCookies()).singleElement().asString().matches(PERSISTENT);
        assertThat(get("/visit").body()).isEqualTo("2");
    }

    @Test
    void refusesALoginBeyondTheSessionLimit() {
        assertThat(get("/sign-in?what=ada").status()).isEqualTo(200);
        assertThat(get("/sign-in?what=ada").status()).isEqualTo(200);
        Browser second = new Browser();
        Answer refused = get(second, "/sign-in?what=ada");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.setCookies()).isEmpty();
        assertThat(get("/sign-out").status()).isEqualTo(200);
        assertThat(get(second, "/sign-in?what=ada").status()).isEqualTo(200);
    }

    @Test
    void requiresRecentAuthenticationForSensitiveActions() {
        assertThat(get("/pay?within=60").status()).isEqualTo(401);
        get("/sign-in?what=ada");
        assertThat(get("/pay?within=60").body()).isEqualTo("done");
        assertThat(get("/pay?within=0").status()).isEqualTo(401);
        assertThat(get("/renew").status()).isEqualTo(200);
        assertThat(get("/pay?within=60").body()).isEqualTo("done");
    }
}
