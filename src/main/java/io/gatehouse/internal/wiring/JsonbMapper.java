package io.gatehouse.internal.wiring;

import io.gatehouse.internal.serialization.JsonMapper;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import java.nio.charset.StandardCharsets;

/** The JSON mapper of the server's JSON-B. No other class for sessions refers to JSON-B, so that servers without it can load them. */
final class JsonbMapper implements JsonMapper {
    private final Jsonb jsonb = JsonbBuilder.create();

    @Override
    public byte[] toJson(Object value) {
        return jsonb.toJson(value).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Object fromJson(byte[] json, Class<?> type) {
        return jsonb.fromJson(new String(json, StandardCharsets.UTF_8), type);
    }
}
