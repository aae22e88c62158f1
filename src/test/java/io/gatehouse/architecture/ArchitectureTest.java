package io.gatehouse.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests the structure of Gatehouse: the dependencies between packages, and other rules for all classes. */
class ArchitectureTest {
    private static final String INTERNAL = "io.gatehouse.internal.";

    /**
     * Each internal package with the internal packages that it may use; every internal package may use the API. The order is
     * bottom to top, so the packages have no cycle.
     */
    private static final Map<String, Set<String>> DEPENDENCIES = dependencies("""
            config:
            cron:
            serialization:
            servers:
            threads:
            tracing:
            clientaddress: config
            redis: config
            schedule: config threads
            signing: config
            cache: config redis serialization signing threads tracing
            cache.cdi: cache
            jobs: cron redis signing threads tracing
            redis.connect: config redis threads
            redis.client: redis.connect
            rules: clientaddress config
            session.token: redis signing
            session.lease: redis threads
            warmup: config redis
            ratelimit: clientaddress redis rules signing
            redis.probe: config redis redis.connect
            replay: clientaddress rules
            session.store: config redis serialization session.lease session.token signing
            login: clientaddress config ratelimit redis rules signing
            session: config redis serialization session.lease session.store session.token signing tracing
            telemetry: config redis tracing
            oidc: config redis session warmup
            springsession: config redis serialization session session.token
            metrics: cache jobs login oidc ratelimit redis session session.token springsession
            ops: cache config jobs login ratelimit rules session signing
            web: clientaddress config login ratelimit redis rules servers session session.store session.token \
                springsession tracing
            tomcat: servers web
            payara: servers web
            jetty: servers web
            admin: clientaddress config ops rules
            health: config ops redis
            wiring: admin cache clientaddress config health jetty jobs login metrics oidc ops payara ratelimit redis redis.client redis.connect \
                rules schedule serialization servers session signing springsession telemetry tomcat tracing warmup web
            undertow: web wiring
            diagnostics: cache clientaddress config jobs ratelimit redis redis.connect redis.probe rules session \
                session.token signing wiring
            cli: cache config diagnostics health ops redis redis.connect replay rules session signing wiring
            """);

    private static Map<String, Set<String>> dependencies(String table) {
        Map<String, Set<String>> rows = new LinkedHashMap<>();
        for (String line : table.lines().toList()) {
            String[] row = line.split(":", 2);
            Set<String> used = words(row[1]);
            assertThat(rows.keySet()).as("packages below " + row[0]).containsAll(used);
            rows.put(row[0], used);
        }
        return rows;
    }

    /** Packages that must not depend on any container. */
    private static final List<String> CORE = List.of(
            "cache",
            "clientaddress",
            "config",
            "cron",
            "diagnostics",
            "jobs",
            "login",
            "ops",
            "ratelimit",
            "redis",
            "redis.client",
            "redis.connect",
            "redis.probe",
            "replay",
            "rules",
            "serialization",
            "session",
            "session.lease",
            "session.store",
            "session.token",
            "signing",
            "springsession",
            "threads",
            "tracing",
            "warmup");

    /** Public because the server creates them, because signatures mention them, or because they are written as JSON by reflection. */
    private static final Set<String> PUBLIC_FOR_OTHERS = words("""
            cache.cdi.CachedInterceptor
            cache.cdi.InvalidatesCacheInterceptor
            health.GatehouseLiveness
            health.GatehouseReadiness
            health.GatehouseStartup
            ops.CacheViews
            ops.ConfigurationViews
            ops.JobViews
            ops.JsonMember
            ops.LimitViews
            ops.SessionViews
            rules.SlidingWindow
            rules.TokenBucket
            schedule.GatehouseTimer
            session.SessionConflictException
            undertow.UndertowExtension
            warmup.WarmupSink
            web.CorsPolicy
            web.RateLimitedInterceptor
            wiring.DefaultGatehouseBuilder
            wiring.GatehouseBeans
            wiring.GatehouseInitializer
            wiring.GatehouseRuntime
            """);

    private static final int LONGEST_FILE = 300;

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.gatehouse");

    @Test
    void everyDependencyBetweenPackagesIsInTheTable() {
        Set<String> unknown = new TreeSet<>();
        for (JavaClass origin : CLASSES) {
            if (isInternal(origin)) {
                origin.getDirectDependenciesFromSelf().stream()
                        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                        .filter(ArchitectureTest::isInternal)
                        .filter(target -> !target.getPackageName().equals(origin.getPackageName()))
                        .filter(target -> !DEPENDENCIES
                                .getOrDefault(name(origin), Set.of())
                                .contains(name(target)))
                        .forEach(target -> unknown.add(origin.getName() + " -> " + target.getName()));
            }
        }
        assertThat(unknown).isEmpty();
    }

    @Test
    void everyInternalPackageIsInTheTable() {
        assertThat(CLASSES.stream().filter(ArchitectureTest::isInternal).map(ArchitectureTest::name))
                .allMatch(DEPENDENCIES::containsKey);
    }

    /** A client must not make Gatehouse wait for a name server. */
    @Test
    void noClassResolvesHostNamesOfClients() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        INTERNAL + "clientaddress", INTERNAL + "rules", INTERNAL + "ratelimit", INTERNAL + "login")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.net.InetAddress")
                .check(CLASSES);
    }

    @Test
    void theCoreUsesNoContainerApi() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE.stream().map(name -> INTERNAL + name).toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta..", "org.eclipse.microprofile..", "io.opentelemetry..")
                .check(CLASSES);
    }

    /** A class that mentions an API which a server may lack must not be loaded by classes that are always loaded. */
    @Test
    void optionalApisStayInClassesOfTheirOwn() {
        Set<String> allowed = Set.of(
                "io.gatehouse.internal.admin.JsonBodies",
                "io.gatehouse.internal.wiring.GatehouseBeans",
                "io.gatehouse.internal.wiring.JobBeans",
                "io.gatehouse.internal.wiring.JsonRuleFormat",
                "io.gatehouse.internal.wiring.JsonbMapper",
                "io.gatehouse.internal.wiring.MicroProfileConfig",
                "io.gatehouse.internal.wiring.ThreadContext",
                "io.gatehouse.internal.wiring.WarmupBeans",
                "io.gatehouse.internal.wiring.LimitBeans",
                "io.gatehouse.internal.servers.CdiScope",
                "io.gatehouse.internal.health.GatehouseLiveness",
                "io.gatehouse.internal.health.GatehouseReadiness",
                "io.gatehouse.internal.health.GatehouseStartup",
                "io.gatehouse.internal.health.HealthChecks",
                "io.gatehouse.internal.cache.cdi.CacheKeyTemplate",
                "io.gatehouse.cache.Cached",
                "io.gatehouse.internal.cache.cdi.CachedInterceptor",
                "io.gatehouse.cache.InvalidatesCache",
                "io.gatehouse.internal.cache.cdi.InvalidatesCacheInterceptor",
                "io.gatehouse.internal.metrics.MicroProfileMetrics",
                "io.gatehouse.internal.metrics.OpenTelemetryMetrics",
                "io.gatehouse.internal.telemetry.OpenTelemetryLookup",
                "io.gatehouse.internal.telemetry.OpenTelemetrySpans",
                "io.gatehouse.internal.wiring.OpenTelemetryConnection",
                "io.gatehouse.internal.oidc.OpenIdLogin",
                "io.gatehouse.internal.schedule.GatehouseTimer",
                "io.gatehouse.ratelimit.RateLimited",
                "io.gatehouse.RedisClient",
                "io.gatehouse.RedisClient$Literal",
                "io.gatehouse.internal.web.RateLimitedInterceptor");
        assertThat(CLASSES.stream()
                        .filter(type -> type.getDirectDependenciesFromSelf().stream()
                                .map(dependency -> dependency.getTargetClass().getPackageName())
                                .anyMatch(ArchitectureTest::isOptional))
                        .map(type -> type.getName().replaceFirst("\\$.*", "")))
                .allMatch(allowed::contains);
    }

    private static boolean isOptional(String packageName) {
        return packageName.startsWith("org.eclipse.microprofile")
                || packageName.startsWith("io.opentelemetry")
                || (packageName.startsWith("jakarta.") && !packageName.startsWith("jakarta.servlet"));
    }

    @Test
    void everyPublicTypeIsUsedByAnotherPackage() {
        Set<String> idle = new TreeSet<>();
        for (JavaClass type :
                CLASSES.stream().filter(ArchitectureTest::isInternal).toList()) {
            boolean used = type.getDirectDependenciesToSelf().stream()
                    .anyMatch(dependency ->
                            !dependency.getOriginClass().getPackageName().equals(type.getPackageName()));
            if (isPublic(type)
                    && !used
                    && !PUBLIC_FOR_OTHERS.contains(type.getName().substring(INTERNAL.length()))) {
                idle.add(type.getName());
            }
        }
        assertThat(idle).isEmpty();
    }

    private static boolean isPublic(JavaClass type) {
        return type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC);
    }

    @Test
    void everyInternalPackageIsDocumented() throws IOException {
        for (String name : DEPENDENCIES.keySet()) {
            Path info = Path.of("src/main/java/io/gatehouse/internal", name.replace('.', '/'), "package-info.java");
            assertThat(Files.readString(info)).as(name).contains("@NullMarked").startsWith("/**");
        }
    }

    @Test
    void noJavaFileExceedsThreeHundredLines() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            List<Path> java =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            for (Path file : java) {
                assertThat(Files.readAllLines(file).size())
                        .as("lines of " + file)
                        .isLessThanOrEqualTo(LONGEST_FILE);
            }
        }
    }

    private static Set<String> words(String text) {
        return text.isBlank() ? Set.of() : Set.of(text.strip().split("\\s+"));
    }

    private static boolean isInternal(JavaClass type) {
        return type.getPackageName().startsWith(INTERNAL);
    }

    private static String name(JavaClass type) {
        return type.getPackageName().substring(INTERNAL.length());
    }
}
