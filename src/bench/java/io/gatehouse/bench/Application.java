package io.gatehouse.bench;

import io.gatehouse.internal.wiring.GatehouseInitializer;
import jakarta.servlet.Filter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/**
 * The process of a row: the servlet behind a filter on an embedded Tomcat. It prints its port on standard output, answers each line on
 * standard input with its {@link Usage}, and exits when standard input ends.
 */
final class Application {
    /** The number of request threads, and the largest number of connections to Redis, equal for all rows. */
    static final int THREADS = 64;

    /** Whether each request has a virtual thread. */
    static final String VIRTUAL_THREADS = "bench.virtual-threads";

    private Application() {}

    /** What an application keeps its sessions in. */
    enum Kind {
        NOTHING,
        BARE_GET,
        GATEHOUSE,
        SPRING,
        INDEXED,
        REDISSON;

        boolean hasSessions() {
            return this != NOTHING && this != BARE_GET;
        }

        boolean isSpring() {
            return this == SPRING || this == INDEXED;
        }

        /** Returns the session attribute that holds the user. */
        String userAttribute() {
            return this == GATEHOUSE
                    ? "io.gatehouse.user"
                    : "org.springframework.session.FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME";
        }
    }

    /** Takes the kind, the port of Redis, and settings as {@code NAME=value}. */
    @SuppressWarnings("SystemOut") // the lines that the parent process waits for
    public static void main(String[] arguments) throws IOException, LifecycleException {
        Kind kind = Kind.valueOf(arguments[0]);
        int redisPort = Integer.parseInt(arguments[1]);
        Map<String, String> settings = new TreeMap<>();
        Arrays.stream(arguments).skip(2).forEach(setting -> {
            int equals = setting.indexOf('=');
            settings.put(setting.substring(0, equals), setting.substring(equals + 1));
        });
        Tomcat tomcat = tomcat();
        Context context = tomcat.addContext("", null);
        if (Boolean.parseBoolean(settings.get(VIRTUAL_THREADS))) {
            tomcat.getConnector().setProperty("useVirtualThreads", "true");
        }
        switch (kind) {
            case NOTHING -> {}
            case REDISSON -> context.setManager(RedissonSessions.manager(redisPort));
            case BARE_GET -> filter(context, "bare-get", new BareGetFilter(redisPort));
            case GATEHOUSE -> gatehouse(context, redisPort, settings);
            case SPRING -> filter(context, "sessions", SpringSessions.simple(redisPort));
            case INDEXED -> filter(context, "sessions", SpringSessions.indexed(redisPort));
        }
        int buckets = Integer.parseInt(settings.getOrDefault(Rules.BUCKETS, "0"));
        if (buckets > 0) {
            filter(context, "limits", new Bucket4jFilter(redisPort, buckets, kind));
        }
        Wrapper servlet = Tomcat.addServlet(context, "sample", new SampleServlet(kind));
        servlet.addMapping("/"); // the default servlet, so that the whole path is its path
        tomcat.start();
        if (context.getState() != LifecycleState.STARTED) {
            throw new IllegalStateException("the application did not start");
        }
        System.out.println(tomcat.getConnector().getLocalPort());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        while (in.readLine() != null) { // null when the parent process ends
            System.out.println(Usage.now().text());
        }
        System.exit(0);
    }

    static Tomcat tomcat() throws IOException {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(Files.createTempDirectory("gatehouse-bench").toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.getConnector().setProperty("maxThreads", "" + THREADS);
        tomcat.getConnector().setProperty("maxKeepAliveRequests", "-1");
        tomcat.getConnector().setProperty("keepAliveTimeout", "-1"); // a row is idle while others start and warm up
        return tomcat;
    }

    private static void gatehouse(Context context, int redisPort, Map<String, String> settings) {
        Map<String, String> parameters = new TreeMap<>(Map.of(
                "GATEHOUSE_KEYS", "b1:" + Limiters.randomKey(),
                "REDIS_URL", "redis://127.0.0.1:" + redisPort + "/0",
                "REDIS_SESSION_URL", "redis://127.0.0.1:" + redisPort + "/0",
                "REDIS_RATE_LIMIT_URL", "redis://127.0.0.1:" + redisPort + "/0",
                "REDIS_CACHE_WARMING_URL", "redis://127.0.0.1:" + redisPort + "/0",
                "GATEHOUSE_CACHE_ENABLED", "False",
                "GATEHOUSE_REDIS_DEADLINE", "10s", // a busy machine must not turn into a wrong response
                "REDIS_CONNECTION_POOL_SIZE", "" + THREADS));
        parameters.putAll(settings);
        parameters.forEach(context::addParameter);
        context.addServletContainerInitializer(new GatehouseInitializer(), Set.of());
    }

    private static void filter(Context context, String name, Filter filter) {
        FilterDef definition = new FilterDef();
        definition.setFilterName(name);
        definition.setFilter(filter);
        context.addFilterDef(definition);
        FilterMap everywhere = new FilterMap();
        everywhere.setFilterName(name);
        everywhere.addURLPattern("/*");
        context.addFilterMap(everywhere);
    }
}
