package io.gatehouse.internal.clientaddress;

/**
 * All addresses whose first bits are equal. Immutable.
 *
 * @param first the first address: all bits after the prefix are zero
 * @param prefix the number of bits that are equal; all of them for a single address
 */
record Network(IpAddress first, int prefix) {

    /** Returns the network of an address. */
    static Network of(IpAddress address, int prefix) {
        return new Network(address.first(prefix), prefix);
    }

    @Override
    public String toString() {
        return prefix == first.length() ? first.toString() : first + "/" + prefix;
    }
}
