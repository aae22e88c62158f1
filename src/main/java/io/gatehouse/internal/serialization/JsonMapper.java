package io.gatehouse.internal.serialization;

/** Converts values of registered types to JSON and back, if the server has a JSON library. */
public interface JsonMapper {

    /**
     * Returns a value as JSON in UTF-8.
     *
     * @throws RuntimeException if the value cannot be written
     */
    byte[] toJson(Object value);

    /**
     * Parses JSON in UTF-8 into a value of the given type.
     *
     * @throws RuntimeException if the text does not fit the type
     */
    Object fromJson(byte[] json, Class<?> type);
}
