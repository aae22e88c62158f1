package io.gatehouse.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.EventListener;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each server loads every class in a WAR that {@code @HandlesTypes} of a container initializer asks for, also those for another server.
 * WildFly does not deploy a WAR if it cannot load one.
 */
class HandledTypesTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.gatehouse");

    @Test
    void listenersHaveNoSupertypesOfAServer() {
        assertThat(CLASSES.stream()
                        .filter(type -> type.isAssignableTo(EventListener.class))
                        .filter(type -> type.getAllRawInterfaces().stream()
                                .anyMatch(one -> one.getPackageName().startsWith("jakarta.")))
                        .flatMap(HandledTypesTest::supertypes)
                        .map(JavaClass::getPackageName)
                        .filter(name -> !name.startsWith("java.")
                                && !name.startsWith("jakarta.")
                                && !name.startsWith("io.gatehouse")))
                .isEmpty();
    }

    private static Stream<JavaClass> supertypes(JavaClass type) {
        return Stream.concat(type.getAllRawInterfaces().stream(), type.getAllRawSuperclasses().stream());
    }
}
