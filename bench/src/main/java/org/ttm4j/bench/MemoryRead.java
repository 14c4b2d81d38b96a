package org.ttm4j.bench;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The time in which one core reads so many floats over and over, as a forecast reads the weights: from the cache that
 * holds them all, in order, and with nothing else to do. Needs the module jdk.incubator.vector.
 */
final class MemoryRead {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private static volatile float sink;

    private MemoryRead() {}

    /** The median time of reading {@code floats} once, in nanoseconds; whole blocks of four vectors are read. */
    static double nanos(int floats) {
        float[] array = new float[floats];
        return Timing.alone(() -> sink = sum(array));
    }

    private static float sum(float[] array) {
        FloatVector sum0 = FloatVector.zero(SPECIES);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        for (int i = 0; i <= array.length - 4 * LANES; i += 4 * LANES) {
            sum0 = sum0.add(FloatVector.fromArray(SPECIES, array, i));
            sum1 = sum1.add(FloatVector.fromArray(SPECIES, array, i + LANES));
            sum2 = sum2.add(FloatVector.fromArray(SPECIES, array, i + 2 * LANES));
            sum3 = sum3.add(FloatVector.fromArray(SPECIES, array, i + 3 * LANES));
        }
        return sum0.add(sum1).add(sum2).add(sum3).reduceLanes(VectorOperators.ADD);
    }
}
