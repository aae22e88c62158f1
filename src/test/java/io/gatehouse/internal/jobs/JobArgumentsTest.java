package io.gatehouse.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.CharBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobArgumentsTest {
    private static Map<String, Object> readBack(Map<String, ?> arguments) {
        return new JsonParser(JobArguments.write(arguments)).object();
    }

    @Test
    void readsBackWhatWasWritten() {
        Map<String, Object> arguments = Map.of(
                "keys",
                List.of("user,1", "\"two\"", "\0", "é€😀", "\ud800", "\u2028\n\t\\/"),
                "number",
                Long.MIN_VALUE,
                "ratio",
                0.1,
                "large",
                1e300,
                "force",
                true,
                "nested",
                Map.of("a", List.of(Map.of("b", List.of())), "", "empty name"));
        assertThat(readBack(arguments)).isEqualTo(arguments);
        assertThat(readBack(Map.of())).isEmpty();
    }

    @Test
    void convertsOtherWholeNumbersAndCollections() {
        assertThat(readBack(Map.of(
                        "i",
                        1,
                        "s",
                        (short) 2,
                        "b",
                        (byte) 3,
                        "f",
                        0.5f,
                        "set",
                        Set.of("x"),
                        "text",
                        CharBuffer.wrap("y"))))
                .isEqualTo(Map.of("i", 1L, "s", 2L, "b", 3L, "f", 0.5, "set", List.of("x"), "text", "y"));
    }

    @Test
    void writesTheSameTextForTheSameArguments() {
        assertThat(JobArguments.write(Map.of("b", 1, "a", "x", "c", false)))
                .isEqualTo("{\"a\":\"x\",\"b\":1,\"c\":false}");
    }

    @Test
    void whatWasReadCannotBeChanged() {
        Map<String, Object> read = readBack(Map.of("list", List.of("x"), "map", Map.of("a", 1)));
        assertThatThrownBy(() -> read.put("more", "x")).isInstanceOf(UnsupportedOperationException.class);
        List<?> list = (List<?>) Objects.requireNonNull(read.get("list"));
        assertThatThrownBy(list::clear).isInstanceOf(UnsupportedOperationException.class);
        Map<?, ?> map = (Map<?, ?>) Objects.requireNonNull(read.get("map"));
        assertThatThrownBy(map::clear).isInstanceOf(UnsupportedOperationException.class);
    }

    private static Map<String, Object> with(Object value) {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("a", value);
        return arguments;
    }

    static Stream<Map<String, Object>> unsuitable() {
        List<Object> itself = new ArrayList<>();
        itself.add(itself);
        Object deep = "x";
        for (int i = 0; i < 8; i++) {
            deep = List.of(deep);
        }
        Map<String, Object> nullValue = new HashMap<>();
        nullValue.put("a", null);
        return Stream.of(
                nullValue,
                with(Collections.singletonList(null)),
                with(Collections.singletonMap("b", null)),
                with(Map.of(1, "x")),
                with(Double.NaN),
                with(Float.POSITIVE_INFINITY),
                with(BigDecimal.ONE),
                with(Instant.EPOCH),
                with('c'),
                with(new byte[1]),
                with(itself),
                with(deep),
                with("x".repeat(65_536)),
                with(List.of("é".repeat(20_000), "é".repeat(20_000))),
                Map.of("", "x"),
                Map.of("x".repeat(65), "y"),
                IntStream.range(0, 65).boxed().collect(Collectors.toMap(i -> "a" + i, i -> i)));
    }

    @ParameterizedTest
    @MethodSource("unsuitable")
    void refusesWhatIsNotBoundedOrHasNoForm(Map<String, Object> arguments) {
        assertThatThrownBy(() -> JobArguments.write(arguments))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "[]",
                "1",
                "null",
                "{\"a\":null}",
                "{\"a\":1,}",
                "{,}",
                "{\"a\" 1}",
                "{\"a\":1}x",
                "{\"a\":1,\"a\":2}",
                "{a:1}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":1e999}",
                "{\"a\":9223372036854775808}",
                "{\"a\":tru}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"",
                "{\"a\":[1,]}",
                "{\"a\":[[[[[[[[1]]]]]]]]}",
                "{\"a\":NaN}"
            })
    void refusesTextThatIsNoJsonObject(String json) {
        assertThatThrownBy(() -> JobArguments.parse(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected");
    }

    @Test
    void readsJsonAsPeopleWriteIt() {
        assertThat(JobArguments.parse(" { \"keys\" : [ \"user1\" , \"\\u0000\\/\" ] , \"n\" : -1.5e1 , \"o\" : { } } "))
                .isEqualTo(Map.of("keys", List.of("user1", "\0/"), "n", -15.0, "o", Map.of()));
        assertThatThrownBy(() -> JobArguments.parse("{\"a\":\"" + "x".repeat(70_000) + "\"}"))
                .hasMessageContaining("at most 65536");
    }
}
