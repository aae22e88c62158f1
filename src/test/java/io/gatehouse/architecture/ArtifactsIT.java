package io.gatehouse.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** Tests the artifacts of the build: the JAR for applications, the WAR with it, and the command line. */
class ArtifactsIT {
    private static final File JAR = new File(System.getProperty("gatehouse.jar", "target/gatehouse.jar"));
    private static final File WAR = new File(System.getProperty("gatehouse.war", "target/gatehouse.war"));
    private static final File COMMAND_LINE = new File("target/gatehouse-cli.jar");

    @Test
    void theJarContainsEveryClassThatItsClassesUse() throws IOException {
        JavaClasses classes;
        try (JarFile jar = new JarFile(JAR)) {
            classes = new ClassFileImporter().importJar(jar);
        }
        Set<String> there = classes.stream().map(JavaClass::getName).collect(Collectors.toSet());
        Set<String> missing = new TreeSet<>();
        for (JavaClass type : classes) {
            type.getDirectDependenciesFromSelf().stream()
                    .map(dependency ->
                            dependency.getTargetClass().getBaseComponentType().getName())
                    .filter(target -> target.startsWith("io.gatehouse.") && !there.contains(target))
                    .forEach(missing::add);
        }
        assertThat(there).contains("io.gatehouse.internal.web.RequestFilter");
        assertThat(missing).isEmpty();
    }

    @Test
    void theJarHasNoCommandLine() throws IOException {
        try (JarFile jar = new JarFile(JAR)) {
            assertThat(new ClassFileImporter()
                            .importJar(jar).stream()
                                    .filter(type -> type.getDirectDependenciesFromSelf().stream()
                                            .anyMatch(dependency -> dependency
                                                    .getTargetClass()
                                                    .getPackageName()
                                                    .startsWith("picocli"))))
                    .isEmpty();
        }
        assertThat(names(JAR)).noneMatch(name -> name.matches(".*/(cli|verify|diagnostics)/.*"));
        assertThat(names(COMMAND_LINE)).anyMatch(name -> name.matches("io/gatehouse/.*cli/Main\\.class"));
    }

    @Test
    void theJarHasItsNameAndVersion() throws IOException {
        try (JarFile jar = new JarFile(JAR)) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
                    .isEqualTo("io.gatehouse");
            assertThat(jar.getManifest().getMainAttributes().getValue("Implementation-Version"))
                    .containsPattern("^\\d");
        }
    }

    /** Adding or removing a library of the WAR is a decision: src/docs/adr/0002-dependencies.md. */
    @Test
    void theWarHasTheJarAndTheLibrariesOfTheDecisionRecord() throws IOException {
        Set<String> libraries = names(WAR).stream()
                .filter(name -> name.matches("WEB-INF/lib/.+"))
                .map(name -> name.substring("WEB-INF/lib/".length()).replaceFirst("-\\d.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(libraries)
                .containsExactly(
                        "caffeine",
                        "commons-pool2",
                        "cron-utils",
                        "gatehouse",
                        "jedis",
                        "nimbus-jose-jwt",
                        "prometheus-metrics-config",
                        "prometheus-metrics-core",
                        "prometheus-metrics-exposition-textformats",
                        "prometheus-metrics-model",
                        "prometheus-metrics-tracer-common",
                        "prometheus-metrics-tracer-initializer",
                        "prometheus-metrics-tracer-otel",
                        "prometheus-metrics-tracer-otel-agent",
                        "redis-authx-core",
                        "resilience4j-circuitbreaker",
                        "resilience4j-core",
                        "resilience4j-retry",
                        "slf4j-api",
                        "slf4j-jdk14");
    }

    @Test
    void theWarContainsTheSameJarThatApplicationsUse() throws IOException {
        try (ZipFile war = new ZipFile(WAR)) {
            List<? extends ZipEntry> ours = war.stream()
                    .filter(entry -> entry.getName().startsWith("WEB-INF/lib/gatehouse-"))
                    .toList();
            assertThat(ours).hasSize(1);
            try (InputStream in = war.getInputStream(ours.get(0))) {
                assertThat(in.readAllBytes()).isEqualTo(Files.readAllBytes(Path.of(JAR.getPath())));
            }
        }
        assertThat(names(WAR)).noneMatch(name -> name.matches("WEB-INF/classes/.+"));
    }

    private static Set<String> names(File archive) throws IOException {
        try (ZipFile zip = new ZipFile(archive)) {
            return zip.stream().map(ZipEntry::getName).collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
