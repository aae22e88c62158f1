package io.gatehouse.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Draws the inputs of one case. One in eight is an edge case, such as zero, the largest number, or text without letters. Not
 * thread-safe.
 */
public final class Draws {
    private static final int LONGEST = 300;
    private static final List<Long> EDGES = List.of(
            0L,
            1L,
            -1L,
            2L,
            (long) Byte.MIN_VALUE,
            (long) Short.MAX_VALUE,
            (long) Integer.MAX_VALUE,
            (long) Integer.MIN_VALUE,
            Long.MAX_VALUE,
            Long.MIN_VALUE);
    private static final List<String> TEXTS =
            List.of("", " ", "\u0000", "\n", "\uFFFF", "\uD83D", "\uDE00", "\uFEFF", "\u0301", ".", "%", "\"", "'");

    private final long seed;
    private final Random random;

    Draws(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
    }

    public long seed() {
        return seed;
    }

    /** Returns a number from zero up to, but not including, a bound. */
    public int below(int bound) {
        return random.nextInt(bound);
    }

    public boolean flag() {
        return random.nextBoolean();
    }

    private boolean edge() {
        return random.nextInt(8) == 0;
    }

    public long wholeLong() {
        return edge() ? of(EDGES) : random.nextLong();
    }

    public int wholeInt() {
        return edge() ? (int) (long) of(EDGES) : random.nextInt();
    }

    public double real() {
        return edge()
                ? of(List.of(0.0, -0.0, Double.NaN, Double.MIN_VALUE, Double.MAX_VALUE, Double.NEGATIVE_INFINITY))
                : Double.longBitsToDouble(random.nextLong());
    }

    /** Returns up to a few hundred bytes; half of the time only a few. */
    public byte[] bytes() {
        byte[] bytes = new byte[length()];
        random.nextBytes(bytes);
        return bytes;
    }

    private int length() {
        return edge() ? 0 : random.nextInt(flag() ? 8 : LONGEST);
    }

    /** Returns UTF-16 text, which may contain unpaired surrogates. */
    public String text() {
        if (edge()) {
            return of(TEXTS);
        }
        StringBuilder text = new StringBuilder();
        for (int left = length(); left > 0; left--) {
            switch (random.nextInt(4)) {
                case 0 -> text.append((char) random.nextInt(0x10000));
                case 1 -> text.appendCodePoint(random.nextInt(0x110000));
                case 2 -> text.append((char) random.nextInt(0x250));
                default -> text.append((char) (' ' + random.nextInt('~' - ' ' + 1)));
            }
        }
        return text.toString();
    }

    /** Returns letters from A to Z and a to z. */
    public String letters() {
        StringBuilder text = new StringBuilder();
        for (int left = length(); left > 0; left--) {
            text.append((char) ((flag() ? 'a' : 'A') + random.nextInt(26)));
        }
        return text.toString();
    }

    public <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Returns a list of at most the given number of items. */
    public <T> List<T> list(int most, Supplier<? extends T> item) {
        List<T> list = new ArrayList<>();
        for (int left = random.nextInt(most + 1); left > 0; left--) {
            list.add(item.get());
        }
        return list;
    }
}
