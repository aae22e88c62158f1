package io.gatehouse.internal.serialization;

/**
 * The limits of one value. Immutable.
 *
 * <p>What was written within the limits can be read: reading admits the same number of bytes and slightly more depth, because
 * the writer measures the depth of wide graphs by sampling.
 *
 * @param depth how many objects may be nested in one another
 * @param objects the maximum number of objects of one value
 * @param bytes the maximum number of bytes of one value
 */
public record ValueLimits(int depth, int objects, int bytes) {
    /** 10,000 deep, 2,000,000 objects, 16 MB. */
    public static final ValueLimits DEFAULT = new ValueLimits(10_000, 2_000_000, 16 << 20);

    /** For values that other limits bound. */
    public static final ValueLimits WIDEST = new ValueLimits(10_000, Integer.MAX_VALUE, 512 << 20);

    /** The largest depth for which a thread can have a large enough stack. */
    public static final int DEEPEST = 50_000;

    private static final int LEAST_SLACK = 16;
    /** Interpreted frames of {@code readObject} and of hash codes took up to 4 KB a level; this is four times that. */
    private static final long STACK_PER_LEVEL = 16 << 10;

    private static final long LEAST_STACK = 16 << 20;

    public ValueLimits {
        if (depth < 1 || depth > DEEPEST || objects < 1 || bytes < 1) {
            throw new IllegalArgumentException(
                    "value limits out of range: depth " + depth + ", objects " + objects + ", bytes " + bytes);
        }
    }

    /** Returns how deep a stream may be when it is read. */
    int readingDepth() {
        return depth + Math.max(LEAST_SLACK, depth / 8);
    }

    /**
     * Returns the length of the longest array that a stream of this length may announce. Collections announce tables larger
     * than their content.
     */
    long readingArray(long streamBytes) {
        return Math.max(bytes, 8 * streamBytes);
    }

    /** Returns the stack size that the deepest value needs. */
    long stackBytes() {
        return LEAST_STACK + readingDepth() * STACK_PER_LEVEL;
    }
}
