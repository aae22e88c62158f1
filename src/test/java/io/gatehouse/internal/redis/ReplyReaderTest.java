package io.gatehouse.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.exceptions.JedisDataException;

/** Tests reading a reply value by value. A reply of another shape is a typed failure that says where and why. */
class ReplyReaderTest {

    @Test
    void readsASingleValue() {
        assertThat(read(7L).number()).isEqualTo(7);
        assertThat(read(7L).count()).isEqualTo(7);
        assertThat(read(1L).flag()).isTrue();
        assertThat(read(0L).flag()).isFalse();
        assertThat(read(text("é")).text()).isEqualTo("é");
        assertThat(read(text("x")).bytes()).isEqualTo(text("x"));
        assertThat(read(text("gone")).oneOf("saved", "gone")).isEqualTo("gone");
        assertThat(read(text("-12")).storedNumber(0)).isEqualTo(-12);
        assertThat(read(text("0012")).storedNumber(0)).isEqualTo(12);
        assertThat(read(text("" + Long.MAX_VALUE)).storedNumber(0)).isEqualTo(Long.MAX_VALUE);
        assertThat(read(null).storedNumber(5)).isEqualTo(5);
    }

    @Test
    void readsTheItemsOfAListInOrder() {
        ReplyReader list = read(List.of(text("saved"), 12L, List.of(text("a"), text("1")), text("rest")))
                .list();
        assertThat(list.remaining()).isEqualTo(4);
        assertThat(list.text()).isEqualTo("saved");
        assertThat(list.number()).isEqualTo(12);
        assertThat(list.isList()).isTrue();
        assertThat(list.textFields()).containsExactly(Map.entry("a", "1"));
        assertThat(list.remainingTexts()).containsExactly("rest");
        assertThat(list.hasNext()).isFalse();
    }

    @Test
    void readsFieldsUpToTheValuesThatFollowThem() {
        ReplyReader list = read(List.of(text("m"), text("1"), text("t"), text("2"), 30L, 40L))
                .list();
        assertThat(list.fieldsBeforeLast(2)).containsOnlyKeys("m", "t");
        assertThat(list.number()).isEqualTo(30);
        assertThat(list.number()).isEqualTo(40);
    }

    @Test
    void readsBytesThatMayBeMissing() {
        ReplyReader list = read(Arrays.asList(1L, text("x"), null)).list();
        assertThat(list.number()).isEqualTo(1);
        assertThat(list.remainingBytes()).containsExactly(text("x"), null);
        assertThat(list.hasNext()).isFalse();
    }

    @Test
    void distinguishesTypesWithoutReading() {
        assertThat(read(null).isNil()).isTrue();
        assertThat(read(1L).isNil()).isFalse();
        assertThat(read(text("x")).isText()).isTrue();
        assertThat(read(1L).isText()).isFalse();
        assertThat(read(List.of()).isList()).isTrue();
        assertThat(read(List.of()).list().isNil()).as("nothing is left").isFalse();
    }

    @ParameterizedTest
    @MethodSource
    void anUnexpectedShapeIsATypedFailure(@Nullable Object reply, Function<ReplyReader, Object> read, String found) {
        assertThatThrownBy(() -> read.apply(read(reply)))
                .isInstanceOfSatisfying(
                        RedisUnavailableException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.UNEXPECTED))
                .hasMessage("unexpected reply to some.lua: " + found);
    }

    static Stream<Arguments> anUnexpectedShapeIsATypedFailure() {
        Object error = new JedisDataException("ERR secret");
        return Stream.of(
                shape(text("7"), ReplyReader::number, "value 1 is text; expected an integer"),
                shape(null, ReplyReader::number, "value 1 is nil; expected an integer"),
                shape(List.of(), ReplyReader::number, "value 1 is a list; expected an integer"),
                shape(error, ReplyReader::number, "value 1 is an error; expected an integer"),
                shape(-1L, ReplyReader::count, "value 1 is an integer; expected a count"),
                shape(1L << 31, ReplyReader::count, "value 1 is an integer; expected a count"),
                shape(2L, ReplyReader::flag, "value 1 is an integer; expected 0 or 1"),
                shape(text("1"), ReplyReader::flag, "value 1 is text; expected 0 or 1"),
                shape(1L, ReplyReader::text, "value 1 is an integer; expected bytes"),
                shape(null, ReplyReader::bytes, "value 1 is nil; expected bytes"),
                shape(
                        text("secret"),
                        reader -> reader.oneOf("saved", "gone"),
                        "value 1 is another text; expected one of saved, gone"),
                shape(
                        text("1x"),
                        reader -> reader.storedNumber(0),
                        "value 1 is text that is not a number; expected a number"),
                shape(1L, ReplyReader::list, "value 1 is an integer; expected a list"),
                shape(null, ReplyReader::texts, "value 1 is nil; expected a list"),
                shape(List.of(text("a"), 1L), ReplyReader::texts, "value 2 is an integer; expected bytes"),
                shape(List.of(), reader -> reader.list().text(), "it has only 0 values; expected bytes"),
                shape(List.of(text("a")), ReplyReader::fields, "it has only 1 value; expected bytes"),
                shape(List.of(text("a")), ReplyReader::textFields, "it has only 1 value; expected bytes"),
                shape(
                        List.of(text("a"), text("1"), 5L),
                        reader -> reader.list().fieldsBeforeLast(2),
                        "a field has no value; expected pairs of name and value"),
                shape(
                        List.of(text("a"), 1L),
                        reader -> reader.list().remainingBytes(),
                        "value 2 is an integer; expected bytes or nil"),
                shape(text("x"), ReplyReader::remainingBytes, "the reply is not a list; expected a list"));
    }

    @Test
    void aFailingDecoderIsATypedFailureWithoutTheValue() {
        RedisCall<Object> redisCall = new Script("some.lua", "return 1", "0".repeat(40), true)
                .on(RedisPurpose.SESSIONS)
                .keys("key")
                .reply(reader -> Reason.valueOf(reader.text()));
        Response<Object> response = new Pipeline().add(redisCall);
        response.complete(text("secret"));
        assertThatThrownBy(response::get)
                .isInstanceOfSatisfying(
                        RedisUnavailableException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.UNEXPECTED))
                .hasMessage("unexpected reply to some.lua: it cannot be read");
    }

    @Test
    void everyReaderStartsAtTheBeginningOfTheReply() {
        RedisCall<String> redisCall = new Script("some.lua", "return 1", "0".repeat(40), true)
                .on(RedisPurpose.SESSIONS)
                .keys("key")
                .reply(ReplyReader::text);
        Response<String> response = new Pipeline().add(redisCall);
        response.complete(text("x"));
        assertThat(response.get()).isEqualTo("x");
        assertThat(response.get()).isEqualTo("x");
    }

    private static Arguments shape(@Nullable Object reply, Function<ReplyReader, Object> read, String found) {
        return Arguments.of(reply, read, found);
    }

    private static ReplyReader read(@Nullable Object reply) {
        return new ReplyReader("some.lua", reply);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
