package io.gatehouse.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The types that applications may use. */
final class ApiTypes {
    /** Whether the types are in the packages of the API. If not, {@code api-types.txt} lists them, with the names they will have. */
    private static final boolean MOVED = false;

    static final List<String> PACKAGES = List.of(
            "io.gatehouse",
            "io.gatehouse.session",
            "io.gatehouse.ratelimit",
            "io.gatehouse.login",
            "io.gatehouse.cache",
            "io.gatehouse.warmup",
            "io.gatehouse.jobs");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.gatehouse");

    private ApiTypes() {}

    /** Returns the types of the API, nested types and types that are not public included. */
    static Set<JavaClass> all() {
        Set<String> listed = list().keySet();
        return CLASSES.stream()
                .filter(type ->
                        MOVED ? PACKAGES.contains(type.getPackageName()) : listed.contains(topLevel(type.getName())))
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .collect(Collectors.toSet());
    }

    /** Returns the public types of the API that are not nested. */
    static Set<JavaClass> topLevel() {
        return all().stream()
                .filter(type -> type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
                .collect(Collectors.toSet());
    }

    /** Returns the simple names of the public types that are not nested, by package. */
    static Map<String, Set<String>> names() {
        Map<String, String> list = list();
        Map<String, Set<String>> names = new TreeMap<>();
        for (JavaClass type : topLevel()) {
            String name = MOVED ? type.getName() : list.getOrDefault(type.getName(), type.getName());
            int dot = name.lastIndexOf('.');
            names.computeIfAbsent(name.substring(0, dot), any -> new TreeSet<>())
                    .add(name.substring(dot + 1));
        }
        return names;
    }

    private static String topLevel(String name) {
        return name.contains("$") ? name.substring(0, name.indexOf('$')) : name;
    }

    /** Reads the lines {@code present name -> name in the API}. */
    private static Map<String, String> list() {
        Map<String, String> list = new LinkedHashMap<>();
        try (InputStream file = ApiTypes.class.getResourceAsStream("api-types.txt")) {
            if (file != null) {
                new String(file.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .map(line -> line.split(" -> ", -1))
                        .forEach(names -> list.put(names[0], names[1]));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return list;
    }
}
