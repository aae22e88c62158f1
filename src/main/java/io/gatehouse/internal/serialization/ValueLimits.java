package io.gatehouse.internal.serialization;

/**
 * How large one value may be. The limits of writing are chosen so that what was written can be read: reading admits the same
 * number of bytes and a little more depth, because the writer measures the depth of wide graphs by samples.
 *
 * @param depth how many objects may be nested in one another
 * @param objects how many objects may belong to one value
 * @param bytes how many bytes it may take
 */
public record ValueLimits(int depth, int objects, int bytes) {
    /** 10,000 deep, 2,000,000 objects, 16 MB. */
    public static final ValueLimits DEFAULT = new ValueLimits(10_000, 2_000_000, 16 << 20);

    /** For values that other limits bound. */
    public static final ValueLimits WIDEST = new ValueLimits(10_000, Integer.MAX_VALUE, 512 << 20);

    /** The deepest limit for which a thread can have a large enough stack. */
    public static final int DEEPEST = 50_000;

    private static final int LEAST_SLACK = 16;
    /** Interpreted frames of {@code readObject} and of hash codes took up to 4 KB a level; four times that. */
    private static final long STACK_PER_LEVEL = 16 << 10;

    private static final long LEAST_STACK = 16 << 20;

    public ValueLimits {
        if (depth < 1 || depth > DEEPEST || objects < 1 || bytes < 1) {
            throw new IllegalArgumentException("limits of values that cannot be kept: depth " + depth + ", objects "
                    + objects + ", bytes " + bytes);
        }
    }

    /** How deep a stream may be when it is read. */
    int readingDepth() {
        return depth + Math.max(LEAST_SLACK, depth / 8);
    }

    /** The longest array that a stream of this length may announce: collections announce tables larger than their content. */
    long readingArray(long streamBytes) {
        return Math.max(bytes, 8 * streamBytes);
    }

    /** The stack that reading or writing the deepest value takes. */
    long stackBytes() {
        return LEAST_STACK + readingDepth() * STACK_PER_LEVEL;
    }
}
