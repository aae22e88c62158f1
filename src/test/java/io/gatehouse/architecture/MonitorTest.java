package io.gatehouse.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What {@code synchronized} methods call. Before JDK 24 a virtual thread that blocks in a monitor keeps its carrier thread, and with
 * it a processor. The test follows calls and lambda expressions within Gatehouse; it does not see the inside of {@code synchronized}
 * blocks and of libraries.
 */
class MonitorTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.gatehouse");

    private static final Set<String> BLOCKING_CLASSES = Set.of(
            "io.gatehouse.internal.redis.Redis",
            "java.nio.file.Files",
            "java.net.Socket",
            "java.util.concurrent.CompletableFuture",
            "java.util.concurrent.CountDownLatch",
            "java.util.concurrent.Future",
            "java.util.concurrent.locks.Condition",
            "java.util.concurrent.locks.LockSupport");
    private static final Set<String> BLOCKING_METHODS = Set.of(
            "send",
            "get",
            "join",
            "await",
            "parkNanos",
            "park",
            "connect",
            "readAllBytes",
            "readString",
            "newInputStream",
            "newBufferedReader");

    @Test
    void noSynchronizedMethodBlocks() {
        Set<String> found = new TreeSet<>();
        int methods = 0;
        for (JavaClass type : CLASSES) {
            for (JavaMethod method : type.getMethods()) {
                if (method.getModifiers().contains(JavaModifier.SYNCHRONIZED)) {
                    methods++;
                    addBlockingCalls(method, found);
                }
            }
        }
        assertThat(methods).isPositive();
        assertThat(found).isEmpty();
    }

    private static void addBlockingCalls(JavaMethod method, Set<String> found) {
        String name = method.getOwner().getSimpleName() + '.' + method.getName();
        Set<JavaMethod> seen = new HashSet<>();
        Deque<JavaMethod> next = new ArrayDeque<>(Set.of(method));
        while (!next.isEmpty()) {
            JavaMethod at = next.remove();
            if (seen.add(at)) {
                for (JavaMethodCall call : at.getMethodCallsFromSelf()) {
                    if (isBlocking(call)) {
                        found.add(name + " calls " + call.getTarget().getFullName() + " in " + at.getFullName());
                    }
                    call.getTarget().resolveMember().ifPresent(next::add);
                }
            }
        }
    }

    private static boolean isBlocking(JavaMethodCall call) {
        String owner = call.getTargetOwner().getName();
        String method = call.getTarget().getName();
        return (owner.equals("java.lang.Object") && method.equals("wait"))
                || (owner.equals("java.lang.Thread") && (method.equals("sleep") || method.equals("join")))
                || (BLOCKING_CLASSES.contains(owner) && BLOCKING_METHODS.contains(method));
    }
}
