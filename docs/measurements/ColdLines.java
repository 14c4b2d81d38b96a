import java.util.function.IntConsumer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * What a cache line costs to write and to read on one core, by where it lies: 192 KB at a time, as an operation of a
 * training step has them, out of so many megabytes that go round. The values that are written come from the second-level
 * cache.
 *
 * <pre>
 * java -XX:+UseTransparentHugePages --add-modules jdk.incubator.vector docs/measurements/ColdLines.java
 * </pre>
 */
public class ColdLines {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int PIECE = 48 * 1024;
    private static final int RUNS = 200;
    private static final int FLOATS_OF_A_LINE = 16;

    private static float sum;

    public static void main(String[] args) {
        float[] values = new float[PIECE];
        System.out.println("MB, ns to write a line, ns to read one:");
        for (int pieces : new int[]{1, 16, 32, 64, 128}) {
            float[] memory = new float[pieces * PIECE];
            double written = least(pieces, piece -> write(memory, piece, values));
            double read = least(pieces, piece -> sum += read(memory, piece));
            System.out.printf("%6.1f %5.2f %5.2f%n", 4e-6 * memory.length, written, read);
        }
    }

    private static void write(float[] memory, int piece, float[] values) {
        for (int i = 0; i < PIECE; i += SPECIES.length()) {
            FloatVector.fromArray(SPECIES, values, i).mul(2).intoArray(memory, piece * PIECE + i);
        }
    }

    private static float read(float[] memory, int piece) {
        FloatVector a = FloatVector.zero(SPECIES);
        FloatVector b = a;
        int from = piece * PIECE;
        for (int i = from; i < from + PIECE; i += 2 * SPECIES.length()) {
            a = FloatVector.fromArray(SPECIES, memory, i).add(a);
            b = FloatVector.fromArray(SPECIES, memory, i + SPECIES.length()).add(b);
        }
        return a.add(b).reduceLanes(VectorOperators.ADD);
    }

    /** Nanoseconds a line, the least of many times through all pieces. */
    private static double least(int pieces, IntConsumer work) {
        double least = Double.POSITIVE_INFINITY;
        for (int run = 0; run < RUNS; run++) {
            long begin = System.nanoTime();
            for (int piece = 0; piece < pieces; piece++) work.accept(piece);
            least = Math.min(least, System.nanoTime() - begin);
        }
        return least / pieces / (PIECE / FLOATS_OF_A_LINE);
    }
}
