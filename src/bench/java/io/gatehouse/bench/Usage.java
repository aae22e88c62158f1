package io.gatehouse.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;

/**
 * What a process has used since its start.
 *
 * @param requestNanos CPU time of the request threads
 * @param requestBytes bytes that the request threads have allocated
 * @param processNanos CPU time of the whole process, including JIT compiler and garbage collector
 */
record Usage(long requestNanos, long requestBytes, long processNanos) {
    private static final String REQUEST_THREADS = "-exec-";

    /** Returns the usage of this process; the request threads are those of Tomcat. */
    static Usage now() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long nanos = 0;
        long bytes = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().contains(REQUEST_THREADS)) {
                nanos += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
                bytes += Math.max(0, threads.getThreadAllocatedBytes(thread.getThreadId()));
            }
        }
        OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new Usage(nanos, bytes, process.getProcessCpuTime());
    }

    static Usage parse(String text) {
        String[] numbers = text.split(" ", -1);
        return new Usage(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
    }

    String text() {
        return requestNanos + " " + requestBytes + " " + processNanos;
    }

    Usage minus(Usage before) {
        return new Usage(
                requestNanos - before.requestNanos,
                requestBytes - before.requestBytes,
                processNanos - before.processNanos);
    }
}
