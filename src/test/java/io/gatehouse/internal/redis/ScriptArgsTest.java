package io.gatehouse.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisPurpose;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Tests that the keys and arguments of a script keep their order and have the form that Lua reads. */
class ScriptArgsTest {
    private static final Script SCRIPT = new Script("some.lua", "return 1", "0".repeat(40), true);

    @Test
    void argumentsKeepTheirOrderWhateverTheirTypes() {
        assertThat(arguments(args -> args.text("first")
                        .number(-2)
                        .bytes(new byte[] {'3'})
                        .empty()
                        .millis(Duration.ofSeconds(5))
                        .text("last")))
                .containsExactly("first", "-2", "3", "", "5000", "last");
    }

    @Test
    void numbersAreDecimalTextOverTheWholeRange() {
        for (long power = 1; power > 0; power *= 10) {
            for (long number : new long[] {power - 1, power, power + 1, 9 * power, -power}) {
                assertThat(ScriptArgs.encode(number)).asString().isEqualTo(Long.toString(number));
            }
        }
        assertThat(arguments(args -> args.number(0).number(Long.MAX_VALUE).number(Long.MIN_VALUE)))
                .containsExactly("0", "9223372036854775807", "-9223372036854775808");
    }

    @Test
    void textIsUtf8() {
        assertThat(ScriptArgs.encode("é€𝄞")).isEqualTo("é€𝄞".getBytes(StandardCharsets.UTF_8));
        assertThat(arguments(args -> args.text("é€𝄞"))).containsExactly("é€𝄞");
    }

    @Test
    void bytesAreNotEncoded() {
        byte[] bytes = {0, (byte) 0xff, '\r', '\n'};
        RedisCall<Long> redisCall = SCRIPT.on(RedisPurpose.SESSIONS)
                .keys("key")
                .args(args -> args.bytes(bytes))
                .reply(ReplyReader::number);
        assertThat(redisCall.arguments().get(0)).isSameAs(bytes);
    }

    @Test
    void countedTextsFollowTheirCount() {
        assertThat(arguments(args -> args.countedTexts(List.of("a", "b")).countedTexts(Set.of())))
                .containsExactly("2", "a", "b", "0");
        assertThat(arguments(args -> args.texts(List.of("a", "b")))).containsExactly("a", "b");
    }

    @Test
    void fieldsAlternateNamesAndValues() {
        Map<String, byte[]> fields = new LinkedHashMap<>();
        fields.put("m", new byte[] {'1'});
        fields.put("a.x", new byte[] {'2'});
        assertThat(arguments(args -> args.fields(fields))).containsExactly("m", "1", "a.x", "2");
        assertThat(arguments(args -> args.textFields(Map.of("name", "value")))).containsExactly("name", "value");
    }

    @Test
    void aCallHasThePurposeScriptAndKeysOfItsBuilder() {
        RedisCall<Long> redisCall = SCRIPT.on(RedisPurpose.CACHE)
                .keys("one".getBytes(StandardCharsets.UTF_8), "two".getBytes(StandardCharsets.UTF_8))
                .reply(ReplyReader::number);
        assertThat(redisCall.purpose()).isEqualTo(RedisPurpose.CACHE);
        assertThat(redisCall.operation()).isSameAs(SCRIPT);
        assertThat(texts(redisCall.keys())).containsExactly("one", "two");
        assertThat(redisCall.arguments()).isEmpty();
    }

    @Test
    void rejectsACallWithoutKeys() {
        assertThatThrownBy(() -> SCRIPT.on(RedisPurpose.CACHE).reply(ReplyReader::number))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("some.lua");
    }

    private static List<String> arguments(Consumer<ScriptArgs> filling) {
        return texts(SCRIPT.on(RedisPurpose.SESSIONS)
                .keys("key")
                .args(filling)
                .reply(ReplyReader::number)
                .arguments());
    }

    private static List<String> texts(List<byte[]> encoded) {
        return encoded.stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .toList();
    }
}
