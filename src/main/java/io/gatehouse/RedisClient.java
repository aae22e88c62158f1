package io.gatehouse;

import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.inject.Qualifier;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Selects the Redis client of one purpose for injection; the same object as {@link Gatehouse#redis}.
 *
 * <pre>{@code
 * @Inject
 * @RedisClient(RedisPurpose.CACHE)
 * UnifiedJedis redis;
 * }</pre>
 */
@Qualifier
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.TYPE})
public @interface RedisClient {
    /** The purpose whose server and database the client uses. */
    RedisPurpose value();

    /** The qualifier as an object, for {@code Instance.select}. Immutable. */
    final class Literal extends AnnotationLiteral<RedisClient> implements RedisClient {
        private static final long serialVersionUID = 1L;

        private final RedisPurpose value;

        private Literal(RedisPurpose value) {
            this.value = value;
        }

        /** Returns the qualifier of a purpose. */
        public static Literal of(RedisPurpose value) {
            return new Literal(value);
        }

        @Override
        public RedisPurpose value() {
            return value;
        }
    }
}
