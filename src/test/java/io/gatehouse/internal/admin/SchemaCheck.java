package io.gatehouse.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Validates a value against a schema of the OpenAPI description. Supports the part of JSON Schema that the description uses; it
 * fails on an unknown keyword. Unlike the standard, it rejects members that the schema does not declare.
 */
final class SchemaCheck {
    private static final Set<String> KNOWN = Set.of(
            "$ref",
            "type",
            "required",
            "properties",
            "additionalProperties",
            "items",
            "enum",
            "pattern",
            "format",
            "description",
            "minLength",
            "minimum",
            "maximum",
            "default",
            "const",
            "oneOf",
            "dependentRequired");

    private final Map<?, ?> document;

    SchemaCheck(Map<?, ?> document) {
        this.document = document;
    }

    /** Returns the object at a path of member names. */
    static Map<?, ?> at(Map<?, ?> from, String... names) {
        Map<?, ?> found = from;
        for (String name : names) {
            assertThat(found.get(name)).as(name).isInstanceOf(Map.class);
            found = (Map<?, ?>) found.get(name);
        }
        return found;
    }

    /** Returns the target of a reference, or the node itself if it is not a reference. */
    Map<?, ?> resolved(Map<?, ?> node) {
        return node.get("$ref") instanceof String ref
                ? at(document, ref.substring("#/".length()).split("/", -1))
                : node;
    }

    void check(String where, Map<?, ?> reference, @Nullable Object value) {
        Map<?, ?> schema = resolved(reference);
        assertThat(schema.keySet()).as(where).allMatch(KNOWN::contains);
        String type = String.valueOf(schema.get("type"));
        switch (type) {
            case "object" -> object(where, schema, value);
            case "array" -> {
                assertThat(value).as(where).isInstanceOf(List.class);
                int i = 0;
                for (Object item : (List<?>) value) {
                    check(where + "[" + i++ + "]", at(schema, "items"), item);
                }
            }
            case "string" -> text(where, schema, value);
            case "integer" -> assertThat(String.valueOf(value)).as(where).matches("-?[0-9]+");
            case "number" -> assertThat(value).as(where).isInstanceOf(BigDecimal.class);
            case "boolean" -> assertThat(value).as(where).isInstanceOf(Boolean.class);
            case "null" -> {} // no type: any value
            default -> throw new AssertionError(where + " has the type " + type);
        }
    }

    private void object(String where, Map<?, ?> schema, @Nullable Object value) {
        assertThat(value).as(where).isInstanceOf(Map.class);
        Map<?, ?> members = (Map<?, ?>) value;
        if (schema.get("required") instanceof List<?> required) {
            required.forEach(name -> assertThat(members.containsKey(name))
                    .as(where + " has " + name)
                    .isTrue());
        }
        for (Map.Entry<?, ?> member : members.entrySet()) {
            String name = where + "." + member.getKey();
            if (schema.get("additionalProperties") instanceof Map<?, ?> any) {
                check(name, any, member.getValue());
            } else {
                Map<?, ?> properties = at(schema, "properties");
                assertThat(properties.containsKey(member.getKey()))
                        .as(name + " is described")
                        .isTrue();
                check(name, at(properties, (String) member.getKey()), member.getValue());
            }
        }
    }

    private static void text(String where, Map<?, ?> schema, @Nullable Object value) {
        assertThat(value).as(where).isInstanceOf(String.class);
        String text = (String) value;
        if (schema.get("enum") instanceof List<?> words) {
            assertThat(words.contains(text)).as(where + " is " + text).isTrue();
        }
        if (schema.get("pattern") instanceof String pattern) {
            assertThat(text).as(where).containsPattern(pattern);
        }
        if ("date-time".equals(schema.get("format"))) {
            assertThat(Instant.parse(text)).as(where).isNotNull();
        }
    }
}
