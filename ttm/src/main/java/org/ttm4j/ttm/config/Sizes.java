package org.ttm4j.ttm.config;

/**
 * Sizes of parts, each named by the key that decides it: the largest, and their sum. In double: exact below 2⁵³, and no
 * configuration, however absurd, makes it overflow.
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
