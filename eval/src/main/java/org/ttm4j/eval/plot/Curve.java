package org.ttm4j.eval.plot;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A line of a panel or, with a lower edge, an area.
 *
 * @param style the kind of curve, which is its class in style sheets
 * @param name its name in the legend; null where it is not in the legend
 * @param x the positions of its points
 * @param y their values: the line is broken at NaN, and an infinite value is at the end of the axis
 * @param low the lower edge of an area; null for a line
 * @param dots for each point its tooltip; empty if points are not marked
 */
public record Curve(String style, String name, double[] x, double[] y, double[] low, List<String> dots) {

    public static Curve line(String style, String name, double[] x, double[] y) {
        return new Curve(style, name, x, y, null, List.of());
    }

    /** An area between two edges without NaN. */
    public static Curve area(String style, String name, double[] x, double[] low, double[] high) {
        return new Curve(style, name, x, high, low, List.of());
    }

    /** The same with dots at its points. */
    public Curve withDots(List<String> titles) {
        return new Curve(style, name, x, y, low, titles);
    }

    boolean isArea() {
        return low != null;
    }

    /** All values that are finite. */
    public DoubleStream values() {
        DoubleStream all = isArea() ? DoubleStream.concat(Arrays.stream(low), Arrays.stream(y)) : Arrays.stream(y);
        return all.filter(Double::isFinite);
    }

    /** Draws about so many of its points. */
    void drawOn(Panel.Canvas canvas, Axis across, Axis up, int points) {
        int[] there = thinned(y, points);
        int[] back = IntStream.range(0, isArea() ? there.length : 0).map(i -> there[there.length - 1 - i]).toArray();
        canvas.path(style, joined(there, i -> across.share(x[i]), back, i -> across.share(x[i])),
                joined(there, i -> up.share(y[i]), back, i -> up.share(low[i])), isArea());
        for (int i = 0; i < dots.size(); i++) {
            canvas.dot(style, across.share(x[i]), up.share(y[i]), dots.get(i));
        }
    }

    private static double[] joined(int[] there, IntToDoubleFunction first, int[] back, IntToDoubleFunction second) {
        return DoubleStream.concat(Arrays.stream(there).mapToDouble(first), Arrays.stream(back).mapToDouble(second))
                .toArray();
    }

    /**
     * The indices of the values to draw, ascending: all of them when they are at most {@code most}, else the first, the last, and
     * the lowest, the highest and one missing value of every bucket of points, which make the same picture.
     */
    static int[] thinned(double[] values, int most) {
        if (values.length <= most) return IntStream.range(0, values.length).toArray();
        int buckets = most / 2;
        int[] kept = new int[2 + 3 * buckets];
        kept[1] = values.length - 1;
        int size = 2;
        for (int b = 0; b < buckets; b++) {
            int to = (int) ((long) values.length * (b + 1) / buckets);
            int low = -1;
            int high = -1;
            int missing = -1;
            for (int i = (int) ((long) values.length * b / buckets); i < to; i++) {
                if (Double.isNaN(values[i])) missing = i;
                else {
                    if (low < 0 || values[i] < values[low]) low = i;
                    if (high < 0 || values[i] > values[high]) high = i;
                }
            }
            for (int index : new int[]{low, high, missing}) if (index >= 0) kept[size++] = index;
        }
        return Arrays.stream(kept, 0, size).sorted().distinct().toArray();
    }
}
