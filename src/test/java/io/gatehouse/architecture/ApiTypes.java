package io.gatehouse.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The types that applications may use. */
final class ApiTypes {
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
        return CLASSES.stream()
                .filter(type -> PACKAGES.contains(type.getPackageName()))
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
        Map<String, Set<String>> names = new TreeMap<>();
        for (JavaClass type : topLevel()) {
            names.computeIfAbsent(type.getPackageName(), any -> new TreeSet<>()).add(type.getSimpleName());
        }
        return names;
    }
}
