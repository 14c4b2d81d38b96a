package org.ttm4j.engine.vector;

import java.util.List;
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
 * would change when a method goes from the interpreter to compiled code. A maximum does not depend on the order.
 *
 * <p>C2 keeps vectors in registers only within one compiled method, and stops inlining into it after some 18,000 nodes,
 * of which each vector operation costs about 200. C2 also does not inline a method that it has already compiled to more
 * than some 2,500 bytes of code, which depends on chance. Kernels therefore pass vectors only to very small methods,
 * here and in {@link VectorMath}; larger methods read and write them in arrays; and kernels with long formulas have a
 * separate method for the tail.
 *
 * <p>To inline a call on a vector, C2 must know the vector's exact class. It knows the class of a vector that was just
 * loaded or broadcast, but not that of a variable that a loop updates. An accumulator is therefore always an argument,
 * never the receiver: {@code sum = v.add(sum)}. Otherwise vectors are boxed, and a forecast allocates 350 KB. For the
 * same reason only one vector width is used.
 */
public final class Lanes {
    /** The vector species of all kernels: the preferred width of the machine, or that of ttm4j.vectorBits. */
    public static final VectorSpecies<Float> SPECIES = species();

    /** The number of floats in a vector: 4, 8 or 16. */
    public static final int COUNT = SPECIES.length();

    /** The number of floats in the widest vector that this JVM computes with instructions. */
    public static final int MOST = FloatVector.SPECIES_PREFERRED.length();

    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SPECIES.vectorShape());
    private static final VectorShuffle<Float> SWAP_1 = swap(1);
    private static final VectorShuffle<Float> SWAP_2 = swap(2);
    private static final VectorShuffle<Float> SWAP_4 = swap(4);
    private static final VectorShuffle<Float> SWAP_8 = swap(8);
    private static final VectorShuffle<Float> SWAP_HALVES = swap(COUNT / 2);
    private static final VectorShuffle<Float> SWAP_QUARTERS = swap(COUNT / 4);
    private static final VectorMask<Float> UPPER_HALF = lanesWith(COUNT / 2);
    private static final VectorMask<Float> ODD_QUARTERS = lanesWith(COUNT / 4);

    private static final ThreadLocal<float[]> SCRATCH = ThreadLocal.withInitial(() -> new float[2 * COUNT]);

    private Lanes() {}

    /**
     * A loop over vectors that C2 must compile separately. C2 inlines hot methods into their callers until a budget is
     * spent and may stop in the middle of a loop, whose vectors are then boxed, so that it takes ten times as long. C2 does
     * not inline a call whose receiver had many classes, so all steps are called from the same place, {@link #runAll}.
     *
     * @param <T> the class that holds the operands
     */
    interface Step<T> {
        void run(T operands);
    }

    static <T> void runAll(List<Step<T>> steps, T operands) {
        for (int i = 0; i < steps.size(); i++) steps.get(i).run(operands);
    }

    private static VectorSpecies<Float> species() {
        Integer bits = Integer.getInteger("ttm4j.vectorBits");
        if (bits == null) return FloatVector.SPECIES_PREFERRED;
        return VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
    }

    /** Exchanges lanes whose numbers differ by {@code distance}; the identity if vectors are too short for that. */
    private static VectorShuffle<Float> swap(int distance) {
        return VectorShuffle.fromOp(SPECIES, i -> distance < COUNT ? i ^ distance : i);
    }

    /** The mask of the lanes whose number has the given bit set. */
    private static VectorMask<Float> lanesWith(int bit) {
        boolean[] set = new boolean[COUNT];
        for (int i = 0; i < COUNT; i++) set[i] = (i & bit) != 0;
        return VectorMask.fromArray(SPECIES, set, 0);
    }

    /** The mask of the first {@code rest} lanes. */
    static VectorMask<Float> tail(int rest) {
        return SPECIES.indexInRange(0, rest);
    }

    /** The thread's working memory for two vectors of partial sums. */
    static float[] scratch() {
        return SCRATCH.get();
    }

    /** The sum over all lanes of a stored vector. */
    static float sum(float[] lanes, int at) {
        FloatVector v = load(lanes, at);
        if (COUNT >= 16) v = v.add(v.rearrange(SWAP_8));
        if (COUNT >= 8) v = v.add(v.rearrange(SWAP_4));
        v = v.add(v.rearrange(SWAP_2));
        return v.add(v.rearrange(SWAP_1)).lane(0);
    }

    /**
     * Four {@link #sum}s at once, with the same bits, of four vectors that are stored one after the other. All lanes of
     * the i-th quarter of the result hold the sum of the i-th vector. It takes 5 shuffles and no move to a scalar
     * register; four single sums take 16 shuffles and 4 moves.
     */
    static void sums(float[] lanes, int from, float[] sums, int to) {
        FloatVector a = load(lanes, from);
        FloatVector b = load(lanes, from + COUNT);
        FloatVector c = load(lanes, from + 2 * COUNT);
        FloatVector d = load(lanes, from + 3 * COUNT);
        FloatVector ac = a.blend(c, UPPER_HALF).add(c.blend(a, UPPER_HALF).rearrange(SWAP_HALVES));
        FloatVector bd = b.blend(d, UPPER_HALF).add(d.blend(b, UPPER_HALF).rearrange(SWAP_HALVES));
        FloatVector v = ac.blend(bd, ODD_QUARTERS).add(bd.blend(ac, ODD_QUARTERS).rearrange(SWAP_QUARTERS));
        if (COUNT >= 16) v = v.add(v.rearrange(SWAP_2));
        if (COUNT >= 8) v = v.add(v.rearrange(SWAP_1));
        v.intoArray(sums, to);
    }

    /** Four maxima at once, with the layout of {@link #sums}. */
    static void maxima(float[] lanes, int from, float[] maxima, int to) {
        FloatVector a = load(lanes, from);
        FloatVector b = load(lanes, from + COUNT);
        FloatVector c = load(lanes, from + 2 * COUNT);
        FloatVector d = load(lanes, from + 3 * COUNT);
        FloatVector ac = max(a.blend(c, UPPER_HALF), c.blend(a, UPPER_HALF).rearrange(SWAP_HALVES));
        FloatVector bd = max(b.blend(d, UPPER_HALF), d.blend(b, UPPER_HALF).rearrange(SWAP_HALVES));
        FloatVector v = max(ac.blend(bd, ODD_QUARTERS), bd.blend(ac, ODD_QUARTERS).rearrange(SWAP_QUARTERS));
        if (COUNT >= 16) v = max(v, v.rearrange(SWAP_2));
        if (COUNT >= 8) v = max(v, v.rearrange(SWAP_1));
        v.intoArray(maxima, to);
    }

    /** The index at which consecutive results of {@link #sums} or {@link #maxima} hold the value of the i-th vector. */
    static int place(int i) {
        return i * (COUNT / 4);
    }

    /** The greatest lane. Unlike a sum, a maximum is the same in any order. */
    static float max(FloatVector maxima) {
        return max(maxima, broadcast(Float.NEGATIVE_INFINITY)).reduceLanes(VectorOperators.MAX);
    }

    /** a if b ≤ a, otherwise b: two instructions instead of the six of Java's maximum. NaN may get lost. */
    static FloatVector max(FloatVector a, FloatVector b) {
        return b.blend(a, b.compare(VectorOperators.LE, a));
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

    /** The number of each lane: 0, 1, 2 and so on. */
    static IntVector index() {
        return IntVector.zero(INTS).addIndex(1);
    }
}
