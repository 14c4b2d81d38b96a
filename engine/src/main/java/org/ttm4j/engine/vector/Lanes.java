package org.ttm4j.engine.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width that every kernel uses, and the few operations that the Vector API lacks. The width is the
 * machine's, unless the system property {@code ttm4j.vectorBits} (128, 256 or 512) forces another, as tests do.
 *
 * <p>Sums across lanes are folded here in a fixed order: the order of {@code reduceLanes} is undefined, and a result
 * would change when a method goes from the interpreter to compiled code. (A maximum does not depend on the order.)
 *
 * <p>C2 keeps vectors in registers only within one compiled method, and stops inlining methods like these into it after
 * some 18,000 nodes, which is about 40 vector operations. So kernels pass vectors to nothing but the small methods here
 * and in {@link VectorMath}, and the longest formulas stand in one method, with one copy of them for whole vectors and
 * tail.
 */
public final class Lanes {
    public static final VectorSpecies<Float> SPECIES = species();

    /** The number of floats in a vector: 4, 8 or 16. */
    public static final int COUNT = SPECIES.length();

    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SPECIES.vectorShape());
    static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, SPECIES.vectorShape());

    /** The number of doubles in a vector. */
    static final int DOUBLE_COUNT = DOUBLES.length();

    private static final VectorSpecies<Float> HALF = half();
    private static final VectorShuffle<Float> SWAP_1 = swap(SPECIES, 1);
    private static final VectorShuffle<Float> SWAP_2 = swap(SPECIES, 2);
    private static final VectorShuffle<Float> SWAP_4 = swap(SPECIES, 4);
    private static final VectorShuffle<Float> SWAP_8 = swap(SPECIES, 8);
    private static final VectorShuffle<Double> SWAP_DOUBLE_1 = swap(DOUBLES, 1);
    private static final VectorShuffle<Double> SWAP_DOUBLE_2 = swap(DOUBLES, 2);
    private static final VectorShuffle<Double> SWAP_DOUBLE_4 = swap(DOUBLES, 4);

    private Lanes() {}

    private static VectorSpecies<Float> species() {
        Integer bits = Integer.getInteger("ttm4j.vectorBits");
        if (bits == null) return FloatVector.SPECIES_PREFERRED;
        return VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
    }

    private static VectorSpecies<Float> half() {
        return VectorSpecies.of(float.class, VectorShape.forBitSize(SPECIES.vectorBitSize() / 2));
    }

    /** Exchanges lanes whose numbers differ by {@code distance}; the identity in vectors too short for it. */
    private static <E> VectorShuffle<E> swap(VectorSpecies<E> species, int distance) {
        return VectorShuffle.fromOp(species, i -> distance < species.length() ? i ^ distance : i);
    }

    /** The mask of the first {@code rest} lanes. */
    static VectorMask<Float> tail(int rest) {
        return SPECIES.indexInRange(0, rest);
    }

    /** The sum over all lanes. */
    static float sum(FloatVector v) {
        if (COUNT >= 16) v = v.add(v.rearrange(SWAP_8));
        if (COUNT >= 8) v = v.add(v.rearrange(SWAP_4));
        v = v.add(v.rearrange(SWAP_2));
        return v.add(v.rearrange(SWAP_1)).lane(0);
    }

    /** b where b > a, else a: two instructions, where the maximum as Java defines it takes six. NaN in b is skipped. */
    static FloatVector max(FloatVector a, FloatVector b) {
        return a.blend(b, b.compare(VectorOperators.GT, a));
    }

    /** {@link #DOUBLE_COUNT} floats from x[i], as doubles. */
    static DoubleVector widen(float[] x, int i) {
        return (DoubleVector) FloatVector.fromArray(HALF, x, i).convertShape(VectorOperators.F2D, DOUBLES, 0);
    }

    /** The first {@code rest} floats (or all, if there are more) from x[i] as doubles, then zeros. */
    static DoubleVector widen(float[] x, int i, int rest) {
        FloatVector v = FloatVector.fromArray(HALF, x, i, HALF.indexInRange(0, rest));
        return (DoubleVector) v.convertShape(VectorOperators.F2D, DOUBLES, 0);
    }

    /** Rounds v to floats and writes the first {@code rest} (all, if there are more) to y[i]. */
    static void narrow(float[] y, int i, int rest, DoubleVector v) {
        FloatVector rounded = (FloatVector) v.convertShape(VectorOperators.D2F, HALF, 0);
        rounded.intoArray(y, i, HALF.indexInRange(0, rest));
    }

    /** The sum over all lanes. */
    static double sum(DoubleVector v) {
        if (DOUBLE_COUNT >= 8) v = v.add(v.rearrange(SWAP_DOUBLE_4));
        if (DOUBLE_COUNT >= 4) v = v.add(v.rearrange(SWAP_DOUBLE_2));
        return v.add(v.rearrange(SWAP_DOUBLE_1)).lane(0);
    }

    static FloatVector load(float[] x, int i) {
        return FloatVector.fromArray(SPECIES, x, i);
    }

    static FloatVector load(float[] x, int i, VectorMask<Float> mask) {
        return FloatVector.fromArray(SPECIES, x, i, mask);
    }

    static FloatVector broadcast(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    /** 0, 1, 2, … */
    static IntVector index() {
        return IntVector.zero(INTS).addIndex(1);
    }
}
