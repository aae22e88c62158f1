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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The house: which package may use which, and what else is kept everywhere. A new arrow is a changed line here. */
class HouseTest {
    private static final String BASE = "io.gatehouse.";

    /** A package, and the packages of ours that it may use. */
    private static final Map<String, Set<String>> ARROWS =
            """
            config:
            threads:
            signing: config
            redis: config threads
            values:
            session: config signing redis values
            ratelimit: config signing redis
            cache: config signing redis values
            jobs: config signing redis threads
            warming: config redis values
            container:
            web: config redis session ratelimit container
            intercept: cache
            health: config redis operate
            metrics: config redis session ratelimit cache jobs
            schedule: config threads
            operate: config signing redis session ratelimit cache jobs
            admin: config redis ratelimit jobs operate
            assembly: admin config signing redis values session ratelimit cache jobs warming operate web health schedule
            boot: admin config signing redis values session ratelimit cache jobs operate assembly container web health metrics schedule warming
            verify: config signing redis session ratelimit cache jobs assembly
            cli: config signing redis session ratelimit cache jobs operate assembly health verify
            """.lines().map(line -> line.split(":", -1)).collect(Collectors.toMap(row -> row[0], row -> words(row[1])));

    /** Packages that know no container. */
    private static final List<String> CORE = List.of(
            "config",
            "signing",
            "redis",
            "values",
            "session",
            "ratelimit",
            "cache",
            "jobs",
            "threads",
            "warming",
            "operate",
            "verify");

    /** Public because the server or the application makes or receives them, or because they are written as JSON by reflection. */
    private static final Set<String> PUBLIC_FOR_OTHERS = words("""
            boot.DefaultGatehouseBuilder
            boot.GatehouseBeans
            boot.GatehouseInitializer
            boot.GatehouseRuntime
            cache.RegionSettings
            health.GatehouseLiveness
            health.GatehouseReadiness
            health.GatehouseStartup
            health.HealthSettings$Readiness
            intercept.CachedInterceptor
            intercept.InvalidatesCacheInterceptor
            jobs.JobRunner
            jobs.JobState
            jobs.JobWork
            jobs.Jobs
            health.RedisReport$Pool health.RedisReport$ServerReport
            operate.CacheViews operate.ConfigurationViews operate.JobViews operate.LimitViews operate.SessionViews
            operate.ConfigurationViews$ApplicationList operate.ConfigurationViews$ApplicationView
            operate.JsonMember operate.LimitViews$RuleStatisticsView
            ratelimit.Limit$Result
            ratelimit.Limit$State
            ratelimit.LoginAttempt
            ratelimit.LoginEntry
            ratelimit.LoginEntry$Admitted
            ratelimit.LoginEntry$LockedOut
            ratelimit.LoginEntry$Reason
            ratelimit.LoginEvent
            ratelimit.LimitDecision$Denied
            ratelimit.RateLimitRule$Away
            redis.ServerFacts
            schedule.GatehouseTimer
            schedule.Timetable$Driver
            session.SessionConflict
            session.SessionCounters
            session.SessionEvent
            session.SessionSettings$NotStorablePolicy
            session.SessionSettings$Serialization
            session.SessionTicket
            session.SessionViews
            values.ValueCodec$Decoded
            warming.OpenIdWarmupSource
            warming.SqlWarmupSource
            warming.UsageLog
            warming.WarmTarget
            warming.WarmupProgress
            web.RateLimitedInterceptor
            web.WebSettings$SameSite
            web.WebSettings$SecurePolicy
            """);

    private static final int LONGEST_FILE = 300;

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.gatehouse");

    @Test
    void everyArrowIsInTheTable() {
        Set<String> arrows = new TreeSet<>();
        for (JavaClass origin : CLASSES) {
            origin.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(target -> target.getPackageName().startsWith(BASE))
                    .filter(target -> !target.getPackageName().equals(origin.getPackageName()))
                    .filter(target ->
                            !ARROWS.getOrDefault(room(origin), Set.of()).contains(room(target)))
                    .forEach(target -> arrows.add(origin.getName() + " -> " + target.getName()));
        }
        assertThat(arrows).isEmpty();
    }

    @Test
    void everyPackageIsInTheTable() {
        assertThat(CLASSES.stream().map(HouseTest::room)).allMatch(ARROWS::containsKey);
    }

    @Test
    void someLibrariesAreKnownByOnePackageOnly() {
        isKnownBy("redis", "redis.clients..", "io.github.resilience4j..", "org.apache.commons.pool2..");
        isKnownBy("metrics", "io.prometheus..");
    }

    private static void isKnownBy(String room, String... libraries) {
        noClasses()
                .that()
                .resideOutsideOfPackage(BASE + room)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(libraries)
                .check(CLASSES);
    }

    /** The address library could; a client must not make us wait for a name server of its choice. */
    @Test
    void anAddressIsNeverLookedUpByItsName() {
        noClasses()
                .that()
                .resideInAPackage("io.gatehouse.ratelimit")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.net.InetAddress")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("inet.ipaddr.HostName")
                .check(CLASSES);
    }

    @Test
    void theCoreKnowsNoContainer() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE.stream().map(room -> BASE + room).toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta..", "org.eclipse.microprofile..")
                .check(CLASSES);
    }

    /** A class that mentions an API which a server may lack must not be needed by one that is always loaded. */
    @Test
    void optionalApisStayInClassesOfTheirOwn() {
        Set<String> allowed = Set.of(
                "io.gatehouse.admin.JsonBodies",
                "io.gatehouse.boot.GatehouseBeans",
                "io.gatehouse.assembly.JsonNotation",
                "io.gatehouse.assembly.JsonNotation$Walk",
                "io.gatehouse.assembly.JsonbMapper",
                "io.gatehouse.boot.MicroProfileConfig",
                "io.gatehouse.boot.WarmupBeans",
                "io.gatehouse.container.CdiScope",
                "io.gatehouse.health.GatehouseLiveness",
                "io.gatehouse.health.GatehouseReadiness",
                "io.gatehouse.health.GatehouseStartup",
                "io.gatehouse.health.Probe",
                "io.gatehouse.intercept.CacheKeyTemplate",
                "io.gatehouse.intercept.Cached",
                "io.gatehouse.intercept.CachedInterceptor",
                "io.gatehouse.intercept.InvalidatesCache",
                "io.gatehouse.intercept.InvalidatesCacheInterceptor",
                "io.gatehouse.metrics.MicroProfileMetrics",
                "io.gatehouse.metrics.MicroProfileMetrics$Wanted",
                "io.gatehouse.schedule.GatehouseTimer",
                "io.gatehouse.web.RateLimited",
                "io.gatehouse.web.RateLimitedInterceptor");
        assertThat(CLASSES.stream()
                        .filter(type -> type.getDirectDependenciesFromSelf().stream()
                                .map(dependency -> dependency.getTargetClass().getPackageName())
                                .anyMatch(HouseTest::isOptional))
                        .map(JavaClass::getName))
                .allMatch(allowed::contains);
    }

    private static boolean isOptional(String packageName) {
        return packageName.startsWith("org.eclipse.microprofile")
                || (packageName.startsWith("jakarta.") && !packageName.startsWith("jakarta.servlet"));
    }

    @Test
    void noTypeIsPublicThatNobodyElseUses() {
        Set<String> api = ApiTypes.all().stream().map(JavaClass::getName).collect(Collectors.toSet());
        Set<String> idle = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            boolean used = type.getDirectDependenciesToSelf().stream()
                    .anyMatch(dependency ->
                            !dependency.getOriginClass().getPackageName().equals(type.getPackageName()));
            String name = type.getName().substring(BASE.length());
            if (isPublic(type) && !used && !PUBLIC_FOR_OTHERS.contains(name) && !api.contains(type.getName())) {
                idle.add(name);
            }
        }
        assertThat(idle).isEmpty();
    }

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(HouseTest::isPublic).orElse(true);
    }

    @Test
    void everyPackageSaysWhatItIs() throws IOException {
        for (String room : ARROWS.keySet()) {
            Path info = Path.of("src/main/java/io/gatehouse", room, "package-info.java");
            assertThat(Files.readString(info)).as(room).contains("@NullMarked").startsWith("/**");
        }
    }

    @Test
    void noFileIsTooLongToRead() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            List<Path> java =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            for (Path file : java) {
                assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThanOrEqualTo(LONGEST_FILE);
            }
        }
    }

    private static Set<String> words(String text) {
        return text.isBlank() ? Set.of() : Set.of(text.strip().split("\\s+"));
    }

    private static String room(JavaClass type) {
        return type.getPackageName().substring(BASE.length());
    }
}
