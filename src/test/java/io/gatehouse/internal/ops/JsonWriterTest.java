package io.gatehouse.internal.ops;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.bind.JsonbBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests how records are written as JSON. */
class JsonWriterTest {
    private enum Mode {
        DRY_RUN
    }

    private record Inner(int number, @Nullable String text) {}

    private record Everything(
            String text,
            long count,
            double fraction,
            boolean flag,
            Mode mode,
            Instant at,
            Duration idleLeft,
            @Nullable Duration unknown,
            Optional<String> absent,
            Optional<String> present,
            @JsonMember("default") boolean isDefault,
            @JsonMember(unwrapped = true) Inner inner,
            @JsonMember(unwrapped = true) @Nullable Inner noInner,
            @JsonMember(unwrapped = true) Map<String, Inner> byName,
            List<Inner> items,
            List<String> none) {}

    private record Empty(@Nullable String nothing) {}

    private record Text(String text) {}

    @Test
    void writesEveryKindOfComponent() {
        Everything record = new Everything(
                "a",
                7,
                0.5,
                true,
                Mode.DRY_RUN,
                Instant.EPOCH,
                Duration.ofMillis(1500),
                null,
                Optional.empty(),
                Optional.of("b"),
                true,
                new Inner(1, null),
                null,
                new LinkedHashMap<>(Map.of("one", new Inner(2, "c"))),
                List.of(new Inner(3, "d")),
                List.of());
        assertThat(JsonWriter.write(record))
                .isEqualTo("{\"text\":\"a\",\"count\":7,\"fraction\":0.5,\"flag\":true,\"mode\":\"dry-run\","
                        + "\"at\":\"1970-01-01T00:00:00Z\",\"idleLeftSeconds\":1.5,\"present\":\"b\",\"default\":true,"
                        + "\"number\":1,\"one\":{\"number\":2,\"text\":\"c\"},"
                        + "\"items\":[{\"number\":3,\"text\":\"d\"}],\"none\":[]}");
    }

    @Test
    void writesARecordWithoutValuesAsAnEmptyObject() {
        assertThat(JsonWriter.write(new Empty(null))).isEqualTo("{}");
    }

    @Test
    void writesTextsAndNumbersLikeJsonB() {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c < 0x300; c++) {
            all.append((char) c);
        }
        String text = all.append("\u2028\uD83D\uDE00/").toString();
        assertThat(JsonWriter.write(new Text(text)))
                .isEqualTo(JsonbBuilder.create().toJson(Map.of("text", text)));
        for (double number : new double[] {0, 1, 0.1, 17.25, 1e-7, 1234567.125, 1e12}) {
            assertThat(JsonWriter.write(new Fraction(number)))
                    .isEqualTo(JsonbBuilder.create().toJson(Map.of("value", number)));
        }
    }

    private record Fraction(double value) {}
}
