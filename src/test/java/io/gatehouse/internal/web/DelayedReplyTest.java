package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.session.Session;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.Overlap;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.http.HttpSession;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request whose session was read before a login, but the reply of Redis arrives after it. */
@RedisTest
class DelayedReplyTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private static App node(String url) {
        return App.with(url)
                .set("GATEHOUSE_REDIS_DEADLINE", "10s") // a delayed reply is no failure
                .on("/make", (request, response) -> request.getSession().setAttribute("cart", "as planted"))
                .on("/login", (request, response) -> {
                    request.getSession().setAttribute(Session.USER_ATTRIBUTE, "alice");
                    request.getSession().setAttribute("secret", "of alice");
                })
                .on("/use", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    response.getWriter().print(session == null ? "none" : Overlap.describe(session));
                    String what = request.getParameter("do");
                    if (session != null && "write".equals(what)) {
                        session.setAttribute("planted", true);
                    } else if (session != null && "end".equals(what)) {
                        session.invalidate();
                    }
                })
                .start();
    }

    /** On one node, both requests share the live object, which the first one holds while it waits for its reply. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aReplyFromBeforeALoginGivesNoAccessToTheSessionAfterIt(int nodes) {
        try (CountingProxy proxy = new CountingProxy(REDIS.port());
                App slow = node(proxy.url());
                App second = nodes == 1 ? null : node(REDIS.url())) {
            App app = second == null ? slow : second;
            for (String what : List.of("look", "write", "end")) {
                Browser planted = new Browser();
                planted.get(app.url("/make"));
                Browser attacker = Overlap.same(planted);
                proxy.delay("as planted");
                CompletableFuture<Browser.Answer> late = Overlap.start(() -> attacker.get(slow.url("/use?do=" + what)));
                proxy.awaitDelayed();
                Browser victim = Overlap.same(planted);
                assertThat(victim.get(app.url("/login")).setCookies()).hasSize(1);
                proxy.endDelay();
                Browser.Answer answer = late.join();
                assertThat(answer.status()).as(what).isEqualTo(200);
                assertThat(answer.setCookies()).as(what).isEmpty();
                assertThat(answer.body()).as(what).isEqualTo("cart=as planted");
                assertThat(victim.get(slow.url("/use")).body())
                        .as(what)
                        .isEqualTo("cart=as planted io.gatehouse.user=alice secret=of alice");
                assertThat(attacker.get(slow.url("/use")).body()).as(what).isEqualTo("none");
            }
        }
    }
}
