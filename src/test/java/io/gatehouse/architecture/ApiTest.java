package io.gatehouse.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tests what the API of Gatehouse mentions and that it is documented. */
class ApiTest {
    /** A doc comment with an example, directly before the annotations and modifiers of a public type. */
    private static final Pattern DOCUMENTED_TYPE = Pattern.compile(
            "/\\*\\*(?:(?!\\*/|<pre>\\{@code).)*+<pre>\\{@code(?:(?!(?<!-pattern>/)\\*/).)*+\\*/\\s*"
                    + "(?:@[\\w.]+(?:\\([^)]*\\))?\\s*)*public (?:sealed |final |abstract )*"
                    + "(?:class|interface|record|enum|@interface) ",
            Pattern.DOTALL);

    @Test
    void theApiDependsOnlyOnItselfJavaJakartaAndTheClientOfJedis() {
        Set<JavaClass> api = ApiTypes.all();
        Set<String> foreign = new TreeSet<>();
        for (JavaClass type : api) {
            type.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(target -> !target.isPrimitive() && !isAllowed(target, api))
                    .forEach(target -> foreign.add(type.getName() + " -> " + target.getName()));
        }
        assertThat(foreign).isEmpty();
    }

    private static boolean isAllowed(JavaClass target, Set<JavaClass> api) {
        return api.contains(target)
                || target.getName().startsWith("java.")
                || target.getName().startsWith("jakarta.")
                || target.getName().equals("redis.clients.jedis.UnifiedJedis")
                || target.getPackageName().equals("org.jspecify.annotations");
    }

    /** Package-private members of the API are useless, because the implementation is in another package. */
    @Test
    void theApiHasNoPackagePrivateMember() {
        Set<String> hidden = new TreeSet<>();
        for (JavaClass type : ApiTypes.all()) {
            if (type.getModifiers().contains(JavaModifier.PUBLIC)) {
                type.getMembers().stream()
                        .filter(ApiTest::isPackagePrivate)
                        .map(JavaMember::getFullName)
                        .forEach(hidden::add);
            }
        }
        assertThat(hidden).isEmpty();
    }

    private static boolean isPackagePrivate(JavaMember member) {
        Set<JavaModifier> modifiers = member.getModifiers();
        boolean restricted = modifiers.contains(JavaModifier.PUBLIC)
                || modifiers.contains(JavaModifier.PROTECTED)
                || modifiers.contains(JavaModifier.PRIVATE);
        boolean generated = modifiers.contains(JavaModifier.SYNTHETIC)
                || (member instanceof JavaCodeUnit && member.getName().equals("<clinit>"))
                || member.getName().startsWith("$");
        return !restricted && !generated;
    }

    @Test
    void everyTypeOfTheApiIsDocumentedWithAnExample() throws IOException {
        Set<String> lacking = new TreeSet<>();
        for (JavaClass type : ApiTypes.topLevel()) {
            Path source = Path.of("src/main/java", type.getName().replace('.', '/') + ".java");
            if (!DOCUMENTED_TYPE.matcher(Files.readString(source)).find()) {
                lacking.add(type.getName());
            }
        }
        assertThat(lacking).isEmpty();
    }

    @Test
    void noTwoTypesOfTheApiShareASimpleName() {
        List<String> names =
                ApiTypes.names().values().stream().flatMap(Set::stream).toList();
        assertThat(names).hasSizeGreaterThan(40).doesNotHaveDuplicates();
        assertThat(new HashSet<>(ApiTypes.PACKAGES)).isEqualTo(ApiTypes.names().keySet());
    }

    @Test
    void everyExceptionOfTheApiHasTheSuffixException() {
        Set<JavaClass> exceptions = new HashSet<>(ApiTypes.topLevel());
        exceptions.removeIf(type -> !type.isAssignableTo(Exception.class));
        assertThat(ApiTypes.names().values().stream()
                        .flatMap(Set::stream)
                        .filter(name -> name.endsWith("Exception"))
                        .count())
                .isEqualTo(exceptions.size());
    }
}
