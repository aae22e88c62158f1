package io.gatehouse.internal.ops;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Changes how {@link RecordMembers} shows a component of a record. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface JsonMember {
    /** The name of the member; that of the component if empty. */
    String value() default "";

    /** Whether the members of the component, which is a record or a map, take its place. */
    boolean unwrapped() default false;
}
