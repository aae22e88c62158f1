package io.gatehouse.internal.serialization;

/** What turns registered types into JSON and back, where the server has something that does. */
public interface JsonMapper {

    /**
     * Writes a value as JSON in UTF-8.
     *
     * @throws RuntimeException if it cannot be written
     */
    byte[] toJson(Object value);

    /**
     * Reads a value of a type.
     *
     * @throws RuntimeException if the text does not fit the type
     */
    Object fromJson(byte[] json, Class<?> type);
}
