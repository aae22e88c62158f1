package io.gatehouse.internal.serialization;

import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides which classes may be serialized and deserialized. No policy admits known gadget families, whose deserialization can
 * run code. A policy with a list admits only listed classes: exact names, or packages as {@code com.acme.*} (including
 * subpackages: {@code com.acme.**}). Immutable.
 */
public final class ClassPolicy {
    private static final List<String> GADGETS = List.of(
            "bsh.**",
            "clojure.**",
            "com.mchange.**",
            "com.rometools.rome.feed.impl.**",
            "com.sun.jndi.**",
            "com.sun.org.apache.bcel.**",
            "com.sun.org.apache.xalan.**",
            "com.sun.rowset.**",
            "com.sun.syndication.feed.impl.**",
            "com.vaadin.data.util.**",
            "groovy.lang.**",
            "java.rmi.**",
            "javax.management.BadAttributeValueExpException",
            "javax.naming.spi.**",
            "javax.script.**",
            "javax.swing.event.EventListenerList",
            "javassist.**",
            "net.bytebuddy.**",
            "net.sf.json.**",
            "org.apache.bcel.**",
            "org.apache.click.control.**",
            "org.apache.commons.beanutils.**",
            "org.apache.commons.collections.comparators.**",
            "org.apache.commons.collections.functors.**",
            "org.apache.commons.collections.keyvalue.TiedMapEntry",
            "org.apache.commons.collections.map.LazyMap",
            "org.apache.commons.collections4.comparators.**",
            "org.apache.commons.collections4.functors.**",
            "org.apache.commons.collections4.keyvalue.TiedMapEntry",
            "org.apache.commons.collections4.map.LazyMap",
            "org.apache.commons.configuration.**",
            "org.apache.commons.fileupload.disk.**",
            "org.apache.wicket.util.upload.**",
            "org.apache.xalan.**",
            "org.codehaus.groovy.**",
            "org.hibernate.engine.spi.TypedValue",
            "org.hibernate.tuple.component.**",
            "org.jboss.interceptor.**",
            "org.mozilla.javascript.**",
            "org.python.core.**",
            "org.reflections.**",
            "org.springframework.aop.framework.JdkDynamicAopProxy",
            "org.springframework.beans.factory.ObjectFactory",
            "org.springframework.core.SerializableTypeWrapper**",
            "sun.reflect.annotation.AnnotationInvocationHandler",
            "sun.rmi.**");

    private final Predicate<String> refused;

    private ClassPolicy(Predicate<String> refused) {
        this.refused = refused;
    }

    /** Returns a policy that admits every class except known gadgets. */
    public static ClassPolicy anyButGadgets() {
        return new ClassPolicy(name -> matches(name, GADGETS));
    }

    /**
     * Returns a policy that admits listed classes and those of {@code java.lang}, {@code java.util}, {@code java.time} and
     * {@code java.math}, except known gadgets.
     */
    public static ClassPolicy only(List<String> listed) {
        List<String> always =
                List.of("java.lang.*", "java.util.*", "java.time.*", "java.math.*", "java.util.concurrent.*");
        return new ClassPolicy(name -> matches(name, GADGETS) || !(matches(name, always) || matches(name, listed)));
    }

    /** Returns whether a class belongs to a gadget family. */
    static boolean isGadget(String className) {
        return matches(className, GADGETS);
    }

    boolean refuses(String className) {
        return refused.test(className);
    }

    @Nullable
    String firstRefused(Collection<String> classNames) {
        return classNames.stream().filter(refused).findFirst().orElse(null);
    }

    private static boolean matches(String name, List<String> patterns) {
        return patterns.stream().anyMatch(pattern -> matches(name, pattern));
    }

    private static boolean matches(String name, String pattern) {
        if (pattern.endsWith("**")) {
            return name.startsWith(pattern.substring(0, pattern.length() - 2));
        }
        if (pattern.endsWith(".*")) {
            String packageName = pattern.substring(0, pattern.length() - 1);
            return name.startsWith(packageName) && name.indexOf('.', packageName.length()) < 0;
        }
        return name.equals(pattern);
    }
}
