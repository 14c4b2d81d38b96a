package org.ttm4j.ttm.series;

/**
 * Rolling origins at equal distances in a series, from each of which the same number of steps is forecast. An origin is
 * the row of the first forecast step; all rows before it are known. Immutable.
 *
 * @param first the first origin
 * @param stride rows from one origin to the next
 * @param count the number of origins
 * @param horizon the number of steps to forecast from each origin
 * @param context the most rows before an origin that its forecast uses
 */
public record Origins(int first, int stride, int count, int horizon, int context) {
    /** Throws IllegalArgumentException when a component is out of its range or a row would exceed int. */
    public Origins {
        if (first < 0 || stride < 1 || count < 0 || horizon < 1 || context < 1) {
            throw new IllegalArgumentException(
                    "first origin " + first + ", stride " + stride + ", count " + count + ", horizon " + horizon
                            + ", context " + context + ": expected at least 1 each (first origin and count: 0)");
        }
        if (first + (long) Math.max(0, count - 1) * stride + horizon > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(count + " origins at stride " + stride + " from row " + first + " with "
                    + horizon + " steps: expected rows below 2^31");
        }
    }

    /** The origins whose full context and horizon lie within the given rows. */
    public static Origins in(Rows rows, int context, int horizon, int stride) {
        Origins one = new Origins(0, stride, 1, horizon, context);
        int windows = Math.addExact(context, horizon) > rows.length() ? 0 : rows.windows(context + horizon);
        return new Origins(rows.from() + context, one.stride, Math.ceilDiv(windows, stride), horizon, context);
    }

    /** The origin with a number; 0 is the first. */
    public int at(int number) {
        return first + number * stride;
    }

    /** Throws IllegalArgumentException unless all forecast steps lie within a series (channels × time). */
    public void requireWithin(double[][] series) {
        int rows = series[0].length;
        if (count == 0 || at(count - 1) + horizon <= rows) return;
        throw new IllegalArgumentException("the last origin is row " + at(count - 1) + ", and its " + horizon
                + " steps end beyond the " + rows + " rows of the series");
    }

    /** The rows that the forecast from an origin uses. */
    public Rows contextOf(int origin) {
        return new Rows(Math.max(0, origin - context), origin);
    }

    /** The origins with the numbers {@code [from, to)}. */
    public Origins part(int from, int to) {
        return new Origins(at(from), stride, to - from, horizon, context);
    }

    /** The same origins with another context. */
    public Origins withContext(int rows) {
        return new Origins(first, stride, count, horizon, rows);
    }

    /** At most the given number of these origins: all, or every n-th of them, including the last one. */
    public Origins thinned(int most) {
        int every = Math.max(1, Math.ceilDiv(count, most));
        return new Origins(at((count - 1) % every), every * stride, (count - 1) / every + 1, horizon, context);
    }
}
