package io.gatehouse.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;

/** Tests which packages may mention which third-party libraries. */
class LibraryUseTest {
    private static final String INTERNAL = "io.gatehouse.internal.";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.gatehouse");

    @Test
    void onlyOnePackageUsesTheCircuitBreakerThePrometheusClientOrTheJoseLibrary() {
        onlyIn("cron", "com.cronutils..");
        onlyIn("redis..", "io.github.resilience4j..", "org.apache.commons.pool2..");
        onlyIn("metrics", "io.prometheus..");
        onlyIn("oidc", "com.nimbusds..");
        onlyIn("cli", "picocli..", "ua_parser..");
    }

    /** All other classes must load on servers without Undertow. */
    @Test
    void onlyItsAdapterUsesUndertow() {
        onlyIn("undertow", "io.undertow..", INTERNAL + "undertow");
    }

    /** Applications get the client of Jedis, so the API and what implements it mention this type, and only this type. */
    @Test
    void theApiAndItsImplementationMentionOnlyTheClientOfJedis() {
        Set<String> allowed = Set.of(
                "io.gatehouse.Gatehouse",
                "io.gatehouse.internal.wiring.ApplicationClients",
                "io.gatehouse.internal.wiring.GatehouseBeans",
                "io.gatehouse.internal.wiring.GatehouseRuntime");
        Set<String> used = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            if (!type.getPackageName().startsWith(INTERNAL + "redis")) {
                type.getDirectDependenciesFromSelf().stream()
                        .map(dependency -> dependency.getTargetClass().getName())
                        .filter(name -> name.startsWith("redis.clients."))
                        .filter(name -> !name.equals(UnifiedJedis.class.getName()) || !allowed.contains(type.getName()))
                        .forEach(name -> used.add(type.getName() + " -> " + name));
            }
        }
        assertThat(used).isEmpty();
    }

    private static void onlyIn(String packages, String... libraries) {
        noClasses()
                .that()
                .resideOutsideOfPackage(INTERNAL + packages)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(libraries)
                .check(CLASSES);
    }
}
