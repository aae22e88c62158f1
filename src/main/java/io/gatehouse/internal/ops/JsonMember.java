package io.gatehouse.internal.ops;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Changes how {@link RecordMembers} represents a component of a record. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface JsonMember {
    /** The name of the member; if empty, the name of the component. */
    String value() default "";

    /** Whether the component, a record or a map, is replaced by its own members. */
    boolean unwrapped() default false;
}
