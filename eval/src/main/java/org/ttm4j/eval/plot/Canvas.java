package org.ttm4j.eval.plot;

/**
 * What a panel is drawn on. Positions are shares of the panel, from 0 at its left and lower edge to 1 at its right and upper
 * edge; styles are those of {@link Curve}.
 */
interface Canvas {
    /** A tick of the axis upwards. */
    void value(double up, String label);

    /** A tick of the axis across. */
    void position(double across, Axis.Tick tick);

    /** A line that is broken where a height is NaN, or an area within a closed line. */
    void path(String style, double[] across, double[] up, boolean closed);

    /** A dot with a text that appears when one points at it: nothing where one cannot. */
    default void dot(String style, double across, double up, String title) {}
}
