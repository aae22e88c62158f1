package io.gatehouse.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that no code decides by the text of a message, because messages may be reworded at any time. Codes, types and records decide. */
class NoDecisionByTextTest {
    private static final Path SOURCES = Path.of("src/main/java/io/gatehouse");

    /** Classes that read the error replies of Redis and its client, which have no code but their text. */
    private static final Set<String> READ_REPLIES_OF_REDIS =
            Set.of("ServerDiagnosticsRunner.java", "AclProbe.java", "ExceptionTranslator.java");

    private static final String TESTS =
            "\\s*\\.\\s*(?:contains|startsWith|endsWith|matches|equals|equalsIgnoreCase|indexOf|split|substring)\\(";
    private static final String MESSAGES = "\\b(?:getMessage|getLocalizedMessage|message|messages)\\(\\)";

    private static final List<Pattern> DECISIONS = List.of(
            Pattern.compile(MESSAGES + "\\)*" + TESTS),
            Pattern.compile("\\b(?:message|sentence|problem|warning|reason|detail)" + TESTS),
            Pattern.compile("\\bmatcher\\([^;{]*?(?:" + MESSAGES + "|\\b(?:message|problem|warning)\\))"),
            Pattern.compile("\\.equals\\([^;{)]*" + MESSAGES),
            Pattern.compile("\\bswitch \\([^{;]*" + MESSAGES));

    private static final Pattern VARIABLE = Pattern.compile("\\bString (\\w+) =[^;]*\\bgetMessage\\(\\)");

    /** Returns whether a source decides by the text of a message. */
    private static boolean decides(String source) {
        if (DECISIONS.stream().anyMatch(pattern -> pattern.matcher(source).find())) {
            return true;
        }
        Matcher variables = VARIABLE.matcher(source);
        return variables
                .results()
                .anyMatch(found -> Pattern.compile("\\b" + found.group(1) + TESTS)
                        .matcher(source)
                        .find());
    }

    @Test
    void noSourceDecidesByTheTextOfAMessage() throws IOException {
        Set<String> deciding = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                if (!READ_REPLIES_OF_REDIS.contains(file.getFileName().toString()) && decides(Files.readString(file))) {
                    deciding.add(SOURCES.relativize(file).toString());
                }
            }
        }
        assertThat(deciding).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if (e.getMessage().contains(\"no such\")) {",
                "String.valueOf(e.getMessage()).startsWith(\"x\")",
                "boolean published = problem.contains(\"printed in our documents\");",
                "boolean unknown = warning.contains(\"is not a setting\");",
                "problems.stream().anyMatch(problem -> problem.matches(\"REDIS_.*\"))",
                "INCOMPLETE.matcher(run.result().message()).find()",
                "String text = String.valueOf(e.getMessage()); if (text.endsWith(\"!\")) {",
                "\"cancelled\".equals(run.message())"
            })
    void findsADecisionByText(String source) {
        assertThat(decides(source)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "throw new IOException(path + \": \" + e.getMessage(), e);",
                "if (problem.code() == ProblemCode.KEYS_MISSING) {",
                "if (message.node().equals(node)) {",
                "run.message().isEmpty() ? null : run.message()"
            })
    void acceptsAMessageThatIsOnlyShown(String source) {
        assertThat(decides(source)).isFalse();
    }

    @Test
    void operationsHealthAndCommandsPassRecordsInsteadOfMaps() {
        Set<String> maps = new TreeSet<>();
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(
                        "io.gatehouse.internal.ops", "io.gatehouse.internal.health", "io.gatehouse.internal.cli")) {
            type.getCodeUnits().stream()
                    .filter(unit -> isShared(type, unit))
                    .filter(unit -> isUntyped(unit.reflect()))
                    .forEach(unit -> maps.add(unit.getFullName()));
        }
        assertThat(maps).isEmpty();
    }

    private static boolean isShared(JavaClass type, JavaCodeUnit unit) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && unit.getModifiers().contains(JavaModifier.PUBLIC);
    }

    /** Returns whether a signature contains a map with untyped values. */
    private static boolean isUntyped(Object reflected) {
        Executable executable = reflected instanceof Method method ? method : (Constructor<?>) reflected;
        return executable.toGenericString().contains(Map.class.getName() + "<java.lang.String, java.lang.Object>")
                || executable.toGenericString().contains(Map.class.getName() + "<?, ?>");
    }
}
