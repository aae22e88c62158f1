package io.gatehouse.internal.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.testing.LogCapture;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The behaviour on unknown servers and on servers whose internals have changed. Supported servers have their own tests. */
class ContainerTest {
    private final LogCapture log = new LogCapture("io.gatehouse.internal.servers");

    @AfterEach
    void stopListening() {
        log.close();
    }

    static class SimpleListener implements HttpSessionListener, HttpSessionAttributeListener {}

    static class ListenerWithArgument implements HttpSessionListener {
        ListenerWithArgument(String argument) {
            assertThat(argument).isNotEmpty();
        }
    }

    /** A listener with the types of Weld's. */
    static class FakeWeldListener implements ServletRequestListener, HttpSessionListener {}

    private static ServletContext context(Map<String, Object> attributes) {
        return (ServletContext) Proxy.newProxyInstance(
                ContainerTest.class.getClassLoader(),
                new Class<?>[] {ServletContext.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getAttribute" -> attributes.get(arguments[0]);
                    case "getServerInfo" -> "Homemade/1";
                    default -> null;
                });
    }

    private static HttpServletRequest request() {
        return (HttpServletRequest) Proxy.newProxyInstance(
                ContainerTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> null);
    }

    private static ServerAdapter server(Listing listing) {
        return new ServerAdapter() {
            @Override
            public boolean runs(ServletContext context) {
                return true;
            }

            @Override
            public List<EventListener> listeners(ServletContext context) throws ReflectiveOperationException {
                return listing.list();
            }
        };
    }

    private interface Listing {
        List<EventListener> list() throws ReflectiveOperationException;
    }

    @Test
    void createsListenersFromTheirClassesOnAnUnknownServer() {
        Container container =
                new Container(context(Map.of()), Set.of(SimpleListener.class, ListenerWithArgument.class));
        container.started();
        assertThat(container.listeners().sessions()).singleElement().isInstanceOf(SimpleListener.class);
        assertThat(container.listeners().attributes())
                .singleElement()
                .isSameAs(container.listeners().sessions().get(0));
        assertThat(log.lines())
                .filteredOn(line -> line.startsWith("INFO"))
                .singleElement()
                .asString()
                .contains("unknown server Homemade/1");
    }

    @Test
    void logsChangedServerInternalsOnceAndCreatesListenersFromTheirClasses() {
        ServerAdapter changed = server(() -> {
            throw new NoSuchFieldException("listeners");
        });
        Container container = new Container(context(Map.of()), Set.of(SimpleListener.class), List.of(changed));
        container.started();
        assertThat(container.listeners().sessions()).hasSize(1);
        assertThat(container.listeners().sessions()).hasSize(1);
        assertThat(log.lines())
                .filteredOn(line -> line.startsWith("WARNING"))
                .singleElement()
                .asString()
                .contains("NoSuchFieldException: listeners");
    }

    @Test
    void seesListenersThatAreAddedBeforeTheApplicationStarts() {
        List<EventListener> added = new ArrayList<>(List.of(new SimpleListener()));
        Container container = new Container(context(Map.of()), Set.of(), List.of(server(() -> List.copyOf(added))));
        assertThat(container.listeners().ids()).isEmpty();
        added.add((HttpSessionIdListener) (event, before) -> {});
        container.started();
        assertThat(container.listeners().ids()).hasSize(1);
        assertThat(container.listeners().sessions()).hasSize(1);
    }

    @Test
    void logsInaccessibleCdiAndWorksWithoutIt() {
        Container container = new Container(
                context(Map.of("org.jboss.weld.module.web.servlet.WeldInitialListener", new FakeWeldListener())),
                Set.of(),
                List.of(server(List::of)));
        container.started();
        assertThat(container.bind(request(), request())).isSameAs(Container.Binding.NONE);
        assertThat(log.lines())
                .singleElement()
                .asString()
                .contains("session-scoped beans stay in the container's own sessions");
    }

    @Test
    void aCompositeLoaderFindsClassesThatTheFirstLoaderDoesNot() throws ClassNotFoundException {
        ClassLoader first = ClassLoader.getPlatformClassLoader();
        assertThatThrownBy(() -> first.loadClass(SimpleListener.class.getName()))
                .isInstanceOf(ClassNotFoundException.class);
        ClassLoader several = CompositeClassLoader.of(first, List.of(new SimpleListener()));
        assertThat(several.loadClass(SimpleListener.class.getName())).isSameAs(SimpleListener.class);
        assertThatThrownBy(() -> several.loadClass("no.such.Thing")).isInstanceOf(ClassNotFoundException.class);
        assertThat(CompositeClassLoader.of(first, List.of())).isSameAs(first);
    }

    @Test
    void namesAMissingFieldOrMethod() {
        ReflectiveAccess reflectiveAccess = new ReflectiveAccess(new SimpleListener());
        assertThatThrownBy(() -> reflectiveAccess.field("sessions"))
                .hasMessage(SimpleListener.class.getName() + ".sessions");
        assertThatThrownBy(() -> reflectiveAccess.call("sessions"))
                .hasMessage(SimpleListener.class.getName() + ".sessions");
    }
}
