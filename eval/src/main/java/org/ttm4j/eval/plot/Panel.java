package org.ttm4j.eval.plot;

import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Curves over two axes.
 *
 * @param curves those at the back first
 */
public record Panel(String title, Axis across, Axis up, List<Curve> curves) {

    /** A panel with an axis upwards that all values fit in. */
    public static Panel of(String title, Axis across, List<Curve> curves) {
        DoubleSummaryStatistics values = curves.stream().flatMapToDouble(Curve::values).summaryStatistics();
        boolean empty = values.getCount() == 0;
        Axis up = Axis.around(empty ? 0 : values.getMin(), empty ? 0 : values.getMax());
        return new Panel(title, across, up, curves);
    }

    /**
     * Draws ticks and curves.
     *
     * @param values about how many ticks upwards
     * @param positions at most how many ticks across
     * @param points about how many points of each curve
     */
    void drawOn(Canvas canvas, int values, int positions, int points) {
        for (Axis.Tick tick : up.ticks(values)) canvas.value(up.share(tick.at()), tick.label());
        for (Curve curve : curves) curve.drawOn(canvas, across, up, points);
        for (Axis.Tick tick : across.ticks(positions)) canvas.position(across.share(tick.at()), tick);
    }

    /** The curves of panels that have names, each name once: lines, then areas. */
    static List<Curve> legend(List<Panel> panels) {
        Map<String, Curve> named = new LinkedHashMap<>();
        for (Panel panel : panels) {
            for (Curve curve : panel.curves) if (curve.name() != null) named.putIfAbsent(curve.name(), curve);
        }
        return named.values().stream().sorted((a, b) -> Boolean.compare(a.isArea(), b.isArea())).toList();
    }

    /**
     * A medium on which a panel is drawn. Positions are shares of the panel, from 0 at its left and lower edge to 1 at its
     * right and upper edge; styles are those of {@link Curve}.
     */
    interface Canvas {
        /** A tick of the axis upwards. */
        void value(double up, String label);

        /** A tick of the axis across. */
        void position(double across, Axis.Tick tick);

        /** A line that is broken where a height is NaN, or an area within a closed line. */
        void path(String style, double[] across, double[] up, boolean closed);

        /** A dot with a tooltip; nothing in media without tooltips. */
        default void dot(String style, double across, double up, String title) {}
    }
}
