package org.ttm4j.ttm.series;

import java.util.Arrays;

/** Converts arrays between float and double. */
public final class Precision {
    private Precision() {}

    /** The same values as doubles. */
    public static double[] doubles(float[] floats) {
        double[] doubles = new double[floats.length];
        for (int t = 0; t < doubles.length; t++) doubles[t] = floats[t];
        return doubles;
    }

    /** As {@link #doubles(float[])}, row by row. */
    public static double[][] doubles(float[][] rows) {
        return Arrays.stream(rows).map(Precision::doubles).toArray(double[][]::new);
    }

    /** The nearest floats. */
    public static float[] floats(double[] doubles) {
        float[] floats = new float[doubles.length];
        for (int t = 0; t < floats.length; t++) floats[t] = (float) doubles[t];
        return floats;
    }

    /** As {@link #floats(double[])}, row by row. */
    public static float[][] floats(double[][] rows) {
        return Arrays.stream(rows).map(Precision::floats).toArray(float[][]::new);
    }
}
