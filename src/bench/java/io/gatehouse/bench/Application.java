package io.gatehouse.bench;

import io.gatehouse.internal.wiring.GatehouseInitializer;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/**
 * The process of a contender: the servlet behind one filter on an embedded Tomcat. It prints its port on standard output, and exits when
 * standard input ends.
 */
final class Application {
    /** The largest number of connections to Redis, equal for all contenders. */
    static final int CONNECTIONS = 16;

    private static final int THREADS = 16;

    private Application() {}

    /** How an application keeps its sessions. */
    enum Keeping {
        NOTHING,
        BARE_GET,
        GATEHOUSE,
        SPRING,
        SPRING_INDEXED;

        /** Returns the session attribute that holds the user. */
        String userAttribute() {
            return this == GATEHOUSE
                    ? "io.gatehouse.user"
                    : "org.springframework.session.FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME";
        }
    }

    @SuppressWarnings("SystemOut") // the line that the parent process waits for
    public static void main(String[] arguments) throws IOException, LifecycleException {
        Keeping keeping = Keeping.valueOf(arguments[0]);
        int redisPort = Integer.parseInt(arguments[1]);
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(Files.createTempDirectory("gatehouse-bench").toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.getConnector().setProperty("maxThreads", "" + THREADS);
        tomcat.getConnector().setProperty("minSpareThreads", "" + THREADS);
        tomcat.getConnector().setProperty("maxKeepAliveRequests", "-1");
        Context context = tomcat.addContext("", null);
        switch (keeping) {
            case NOTHING -> {}
            case BARE_GET -> filter(context, new BareGetFilter(redisPort));
            case GATEHOUSE -> gatehouse(context, redisPort);
            case SPRING -> filter(context, SpringSessions.simple(redisPort));
            case SPRING_INDEXED -> filter(context, SpringSessions.indexed(redisPort));
        }
        Wrapper servlet = Tomcat.addServlet(context, "sample", new SampleServlet(keeping));
        List.of("/new", "/read", "/change").forEach(servlet::addMapping);
        tomcat.start();
        if (context.getState() != LifecycleState.STARTED) {
            throw new IllegalStateException("the application did not start");
        }
        System.out.println(tomcat.getConnector().getLocalPort());
        while (System.in.read() >= 0) {} // until the parent process exits
        System.exit(0);
    }

    private static void gatehouse(Context context, int redisPort) {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        context.addParameter(
                "GATEHOUSE_KEYS",
                "b1:" + Base64.getUrlEncoder().withoutPadding().encodeToString(key));
        context.addParameter("REDIS_SESSION_URL", "redis://127.0.0.1:" + redisPort + "/0");
        context.addParameter("GATEHOUSE_CACHE_ENABLED", "False");
        context.addParameter("REDIS_RATE_LIMIT_URL", "redis://127.0.0.1:" + redisPort + "/0");
        context.addParameter("GATEHOUSE_RATE_LIMITS", "none"); // rate limits have a separate benchmark
        context.addParameter("REDIS_CONNECTION_POOL_SIZE", "" + CONNECTIONS);
        context.addServletContainerInitializer(new GatehouseInitializer(), Set.of());
    }

    private static void filter(Context context, Filter filter) {
        FilterDef definition = new FilterDef();
        definition.setFilterName("contender");
        definition.setFilter(filter);
        context.addFilterDef(definition);
        FilterMap everywhere = new FilterMap();
        everywhere.setFilterName("contender");
        everywhere.addURLPattern("/*");
        context.addFilterMap(everywhere);
    }
}
