package org.ttm4j.engine.kernel;

/**
 * A counter-based random number generator: a stateless hash of (seed, counter). Any element can be drawn in any
 * order, so dropout needs no stored mask. The integer finaliser is Wellons' "lowbias32"
 * (https://nullprogram.com/blog/2018/07/31/): 32-bit operations only, one vector lane per element.
 */
public final class CounterRandom {
    /** The factor of the counter: 2³²/golden ratio, which spreads successive counters. */
    public static final int STEP = 0x9E3779B9;

    /** The first and third multiplier of the finaliser. */
    public static final int FIRST = 0x7feb352d;

    /** The second multiplier of the finaliser. */
    public static final int SECOND = 0x846ca68b;

    private CounterRandom() {}

    /** 32 random bits for the counter. */
    public static int bits(long seed, int counter) {
        int x = counter * STEP + (int) seed;
        x ^= x >>> 16;
        x *= FIRST;
        x ^= x >>> 15;
        x *= SECOND;
        x ^= (x >>> 16) ^ (int) (seed >>> 32);
        x *= FIRST;
        return x ^ x >>> 15;
    }

    /** The smallest value of {@code bits >>> 8} (24 bits) that keeps an element under dropout at the given rate. */
    public static int threshold(float rate) {
        return Math.round(rate * (1 << 24));
    }
}
