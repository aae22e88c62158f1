package io.gatehouse.bench;

/**
 * The size of the sessions in a measurement.
 *
 * @param attributes the number of attributes
 * @param length the length of each, in characters
 */
record Shape(int attributes, int length) {
    static final Shape SMALL = new Shape(10, Sample.VALUE_LENGTH);
    static final Shape MANY = new Shape(100, Sample.VALUE_LENGTH);
    static final Shape LARGE = new Shape(10, 100 << 10);
}
