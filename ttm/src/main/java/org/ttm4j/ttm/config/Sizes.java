package org.ttm4j.ttm.config;

/**
 * The sum of the sizes of several parts, and the largest part, named by the key that decides its size. The sizes are
 * doubles: exact below 2⁵³, and no configuration can make them overflow.
 */
final class Sizes {
    private Key largest;
    private double most;
    private double total;

    void add(Key key, double size) {
        total += size;
        if (size <= most) return;
        largest = key;
        most = size;
    }

    /** The key of the largest part. */
    Key largest() {
        return largest;
    }

    double most() {
        return most;
    }

    double total() {
        return total;
    }
}
