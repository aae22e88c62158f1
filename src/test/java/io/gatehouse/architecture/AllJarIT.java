package io.gatehouse.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tests that {@code gatehouse-all.jar} has the JAR and all libraries of the WAR, and no name of a library. */
class AllJarIT {
    private static final File JAR = new File("target/gatehouse-all.jar");
    private static final File WAR = new File(System.getProperty("gatehouse.war", "target/gatehouse.war"));

    /** The files of the JAR. */
    private static final Map<String, byte[]> FILES = new TreeMap<>();

    /** The names of the WAR's libraries without their versions, and the classes of each. */
    private static final Map<String, List<String>> LIBRARIES = new TreeMap<>();

    @BeforeAll
    static void read() throws IOException {
        try (ZipFile zip = new ZipFile(JAR)) {
            for (ZipEntry entry :
                    zip.stream().filter(each -> !each.isDirectory()).toList()) {
                FILES.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        try (ZipFile zip = new ZipFile(WAR)) {
            for (ZipEntry entry : zip.stream()
                    .filter(each -> each.getName().matches("WEB-INF/lib/.+"))
                    .toList()) {
                try (InputStream library = zip.getInputStream(entry)) {
                    LIBRARIES.put(
                            entry.getName().substring("WEB-INF/lib/".length()).replaceFirst("-\\d.*", ""),
                            classes(library.readAllBytes()));
                }
            }
        }
    }

    private static List<String> classes(byte[] jar) throws IOException {
        List<String> classes = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(jar))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().endsWith(".class") && !entry.getName().endsWith("module-info.class")) {
                    classes.add(entry.getName());
                }
            }
        }
        return classes;
    }

    @Test
    void everyFileHasANameOfOurs() {
        assertThat(FILES.keySet().stream().filter(name -> !name.startsWith("io/gatehouse/")))
                .containsExactlyInAnyOrder(
                        "META-INF/LICENSE",
                        "META-INF/MANIFEST.MF",
                        "META-INF/NOTICE",
                        "META-INF/beans.xml",
                        "META-INF/services/io.gatehouse.GatehouseBuilder",
                        "META-INF/services/io.undertow.servlet.ServletExtension",
                        "META-INF/services/jakarta.servlet.ServletContainerInitializer",
                        "META-INF/web-fragment.xml",
                        "weld.properties");
    }

    @Test
    void hasAllClassesOfTheJarAndItsLibraries() {
        Set<String> there = FILES.keySet().stream()
                .filter(name -> name.endsWith(".class"))
                .map(AllJarIT::simpleName)
                .collect(Collectors.toSet());
        assertThat(there)
                .containsAll(LIBRARIES.values().stream()
                        .flatMap(List::stream)
                        .map(AllJarIT::simpleName)
                        .toList());
        assertThat(FILES.keySet().stream().filter(name -> name.endsWith(".class")))
                .hasSize(LIBRARIES.values().stream().mapToInt(List::size).sum());
    }

    private static String simpleName(String file) {
        return file.substring(file.lastIndexOf('/') + 1);
    }

    /** SLF4J names itself in the middle of messages, which load no class. */
    @Test
    void namesNoLibraryByItsOriginalName() {
        List<String> found = new ArrayList<>();
        FILES.forEach((name, bytes) -> {
            if (name.equals("META-INF/NOTICE")) {
                return;
            }
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            for (String original : originalPackages()) {
                if (text.contains(original)) {
                    found.add(name + " names " + original);
                }
                String dotted = original.replace('/', '.');
                if (text.contains(dotted) && !name.matches("io/gatehouse/internal/shaded/slf4j/.*")) {
                    found.add(name + " names " + dotted);
                }
            }
        });
        assertThat(originalPackages()).contains("com/github/benmanes/caffeine/cache", "redis/clients/jedis");
        assertThat(found).isEmpty();
    }

    /** Returns the packages that contain all others of the libraries. */
    private static Set<String> originalPackages() {
        Set<String> all = new TreeSet<>();
        LIBRARIES.forEach((library, classes) -> {
            if (!library.equals("gatehouse")) {
                classes.forEach(name -> all.add(name.substring(0, name.lastIndexOf('/'))));
            }
        });
        return all.stream()
                .filter(name -> all.stream().noneMatch(other -> name.startsWith(other + "/")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void startsLikeTheJar() throws IOException {
        try (JarFile jar = new JarFile(System.getProperty("gatehouse.jar", "target/gatehouse.jar"))) {
            for (String name : List.of(
                    "META-INF/beans.xml",
                    "META-INF/web-fragment.xml",
                    "META-INF/services/io.gatehouse.GatehouseBuilder",
                    "META-INF/services/io.undertow.servlet.ServletExtension",
                    "META-INF/services/jakarta.servlet.ServletContainerInitializer",
                    "weld.properties")) {
                assertThat(text(name).strip())
                        .as(name)
                        .isEqualTo(new String(
                                        jar.getInputStream(jar.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8)
                                .strip());
            }
        }
        try (JarFile jar = new JarFile(JAR)) {
            Attributes attributes = jar.getManifest().getMainAttributes();
            assertThat(attributes.getValue("Automatic-Module-Name")).isEqualTo("io.gatehouse");
            assertThat(attributes.getValue("Implementation-Version")).containsPattern("^\\d");
            assertThat(attributes.getValue("Dependencies"))
                    .isEqualTo("io.undertow.core optional, io.undertow.servlet optional");
            assertThat(attributes.getValue("Multi-Release")).isNull();
            assertThat(attributes.getValue("Class-Path")).isNull();
        }
    }

    @Test
    void namesTheLicenseOfEveryLibrary() {
        String notice = text("META-INF/NOTICE");
        for (String library : LIBRARIES.keySet()) {
            assertThat(notice).contains(library.replaceFirst("^(prometheus-metrics|resilience4j)-.*", "$1"));
        }
        assertThat(notice).contains("Permission is hereby granted");
        assertThat(text("META-INF/LICENSE")).contains("Apache License");
    }

    private static String text(String name) {
        byte[] bytes = FILES.get(name);
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }
}
