package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.http.HttpSession;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Storage of session attributes: changes in place, JSON, attributes of one node, and unreadable classes. */
@RedisTest
class AttributeTest {
    private static final TestRedis REDIS = TestRedis.shared();

    /** A bean for JSON-B that is not serializable. */
    public static class Profile {
        private String name = "";

        public String getName() {
            return name;
        }

        public void setName(String name) {
            this.name = name;
        }
    }

    /** A class that a new version of the application cannot read. */
    static final class Versioned implements Serializable {
        private static final long serialVersionUID = 1L;
        static final AtomicBoolean refuses = new AtomicBoolean();

        private void readObject(ObjectInputStream in) throws java.io.IOException, ClassNotFoundException {
            in.defaultReadObject();
            if (refuses.get()) {
                throw new ClassNotFoundException("removed in this version");
            }
        }
    }

    @Test
    void changesInPlaceAreStoredWithoutSetAttribute() {
        try (App app = App.with(REDIS.url())
                .on("/add", (request, response) -> {
                    List<String> cart = cart(request.getSession().getAttribute("cart"));
                    request.getSession().setAttribute("cart", cart);
                    cart.add("after setAttribute");
                })
                .on(
                        "/more",
                        (request, response) ->
                                cart(request.getSession().getAttribute("cart")).add("after getAttribute"))
                .on(
                        "/cart",
                        (request, response) ->
                                response.getWriter().print(request.getSession().getAttribute("cart")))
                .start()) {
            Browser browser = new Browser();
            browser.get(app.url("/add"));
            browser.get(app.url("/more"));
            assertThat(browser.get(app.url("/cart")).body()).isEqualTo("[after setAttribute, after getAttribute]");
            assertThat(app.gatehouse().sessions().counters().of(SessionEvent.SAVED))
                    .isEqualTo(1);
        }
    }

    @SuppressWarnings("unchecked")
    private static List<String> cart(Object attribute) {
        return attribute == null ? new ArrayList<>() : (List<String>) attribute;
    }

    @Test
    void registeredTypesAreStoredAsJson() {
        try (App app = App.with(REDIS.url())
                .set("GATEHOUSE_SESSION_JSON_TYPES", Profile.class.getName())
                .on("/set", (request, response) -> {
                    Profile profile = new Profile();
                    profile.setName("alice");
                    request.getSession().setAttribute("profile", profile);
                })
                .on(
                        "/change",
                        (request, response) ->
                                ((Profile) request.getSession().getAttribute("profile")).setName("carol"))
                .on(
                        "/get",
                        (request, response) -> response.getWriter()
                                .print(((Profile) request.getSession().getAttribute("profile")).getName()))
                .start()) {
            Browser browser = new Browser();
            browser.get(app.url("/set"));
            assertThat(browser.get(app.url("/get")).body()).isEqualTo("alice");
            browser.get(app.url("/change"));
            assertThat(browser.get(app.url("/get")).body()).isEqualTo("carol");
        }
    }

    @Test
    void rejectsANonSerializableAttributeAndNamesTheObject() {
        try (App app = App.with(REDIS.url())
                .set("GATEHOUSE_SESSION_NOT_SERIALIZABLE", "refuse")
                .on("/set", (request, response) -> {
                    try {
                        request.getSession().setAttribute("cart", new ArrayList<>(List.of("fine", new Profile())));
                    } catch (IllegalArgumentException e) {
                        response.getWriter().print(e.getMessage());
                    }
                })
                .start()) {
            assertThat(new Browser().get(app.url("/set")).body())
                    .isEqualTo("session attribute 'cart' cannot be stored: java.util.ArrayList[1] ("
                            + Profile.class.getName() + ") is not serializable");
        }
    }

    @Test
    void aNonSerializableAttributeStaysOnItsNodeIfConfigured() {
        try (App app = App.with(REDIS.url())
                .set("GATEHOUSE_SESSION_NOT_SERIALIZABLE", "keep")
                .on("/set", (request, response) -> {
                    request.getSession().setAttribute("profile", new Profile());
                    response.getWriter().print(request.getSession().getAttribute("profile") != null);
                })
                .on(
                        "/get",
                        (request, response) ->
                                response.getWriter().print(request.getSession().getAttribute("profile")))
                .start()) {
            Browser browser = new Browser();
            assertThat(browser.get(app.url("/set")).body()).isEqualTo("true");
            assertThat(browser.get(app.url("/get")).body()).startsWith(Profile.class.getName());
        }
    }

    @Test
    void pinnedAttributesStayOnTheNodeThatSetThem() {
        App.Builder builder = App.with(REDIS.url())
                .set("GATEHOUSE_SESSION_LOCAL_ATTRIBUTES", "feed, java.util.concurrent.*")
                .on("/set", (request, response) -> {
                    request.getSession().setAttribute("feed", "open");
                    request.getSession().setAttribute("queue", new ConcurrentHashMap<>(Map.of("a", 1)));
                    request.getSession().setAttribute("feeds", "stored");
                })
                .on("/get", (request, response) -> {
                    HttpSession session = request.getSession();
                    response.getWriter()
                            .print(session.getAttribute("feed") + " " + session.getAttribute("queue") + " "
                                    + session.getAttribute("feeds"));
                });
        try (App one = builder.start();
                App two = builder.start()) {
            Browser browser = new Browser();
            browser.get(one.url("/set"));
            assertThat(browser.get(one.url("/get")).body()).isEqualTo("open {a=1} stored");
            assertThat(browser.get(two.url("/get")).body()).isEqualTo("null null stored");
            assertThat(browser.get(one.url("/get")).body()).isEqualTo("open {a=1} stored");
        }
    }

    @Test
    void hidesAnUnreadableAttributeAndKeepsItForVersionsThatCanReadIt() {
        try (App app = App.with(REDIS.url())
                .on("/set", (request, response) -> {
                    request.getSession().setAttribute("user", "alice");
                    request.getSession().setAttribute("versioned", new Versioned());
                })
                .on("/get", (request, response) -> {
                    Object versioned = request.getSession().getAttribute("versioned");
                    request.getSession().setAttribute("n", System.nanoTime());
                    List<String> names = new ArrayList<>();
                    request.getSession().getAttributeNames().asIterator().forEachRemaining(names::add);
                    response.getWriter()
                            .print(request.getSession().getAttribute("user") + " " + (versioned != null) + " "
                                    + names.contains("versioned"));
                })
                .start()) {
            Browser browser = new Browser();
            browser.get(app.url("/set"));
            Versioned.refuses.set(true);
            assertThat(browser.get(app.url("/get")).body()).isEqualTo("alice false false");
            assertThat(browser.get(app.url("/get")).body()).isEqualTo("alice false false");
            assertThat(app.gatehouse().sessions().counters().of(SessionEvent.ATTRIBUTE_UNREADABLE))
                    .isEqualTo(2);
            Versioned.refuses.set(false);
            assertThat(browser.get(app.url("/get")).body()).isEqualTo("alice true true");
        }
    }

    @Test
    void parallelRequestsShareOneObjectPerSession() {
        java.util.concurrent.CountDownLatch bothIn = new java.util.concurrent.CountDownLatch(2);
        try (App app = App.with(REDIS.url())
                .on("/make", (request, response) -> request.getSession())
                .on("/share", (request, response) -> {
                    bothIn.countDown();
                    try {
                        bothIn.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    response.getWriter().print(System.identityHashCode(request.getSession()));
                })
                .start()) {
            Browser browser = new Browser();
            browser.get(app.url("/make"));
            var other = java.util.concurrent.CompletableFuture.supplyAsync(
                    () -> browser.get(app.url("/share")).body());
            assertThat(browser.get(app.url("/share")).body()).isEqualTo(other.join());
        }
    }
}
