package io.gatehouse.internal.springsession;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.serializer.RedisSerializer;

/** Writes texts and numbers as the JSON serializers of Spring Data do. */
final class JsonTexts implements RedisSerializer<Object> {
    @Override
    public byte[] serialize(@Nullable Object value) {
        return (value instanceof String ? "\"" + value + '"' : String.valueOf(value)).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public @Nullable Object deserialize(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.startsWith("\"")) {
            return text.substring(1, text.length() - 1);
        }
        return text.length() > 9 ? (Object) Long.valueOf(text) : (Object) Integer.valueOf(text);
    }
}
