package org.ttm4j.cli.plot;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.ttm4j.eval.pretraining.TrainingLog;

/** The curves of a training run as an SVG with one panel: training loss and validation error over steps. */
public final class LossPlot {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 420;
    private static final int LEFT = 64;
    private static final int RIGHT = 28;
    private static final int TOP = 64;
    private static final int BOTTOM = 48;
    private static final int TICKS = 6;

    private LossPlot() {}

    /** Draws the curves through any number of rows, which can be 0 or 1. */
    public static String of(String title, List<TrainingLog.Row> rows) {
        double[] errors = rows.stream()
                .flatMapToDouble(row -> DoubleStream.of(row.loss(), row.mse()))
                .filter(Double::isFinite)
                .toArray();
        ValueTicks values = ValueTicks.of(DoubleStream.of(errors).min().orElse(0),
                DoubleStream.of(errors).max().orElse(1), TICKS);
        long last = rows.isEmpty() ? 1 : rows.get(rows.size() - 1).step();
        SvgCanvas svg = new SvgCanvas(title, "training loss and validation error over steps", WIDTH, HEIGHT);
        svg.text("title", LEFT, 34, title);
        for (int i = 0; i < values.values().length; i++) {
            double y = y(values.values()[i], values);
            svg.path("grid", "M" + LEFT + " " + ForecastPlot.number(y) + "H" + (WIDTH - RIGHT));
            svg.text("value", LEFT - 8, y + 4, values.labels().get(i));
        }
        for (int i = 0; i <= TICKS; i++) {
            svg.text("date", x(last * (double) i / TICKS, last), HEIGHT - BOTTOM + 20, Long.toString(last * i / TICKS));
        }
        svg.text("date", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "steps");
        svg.path("history", curve(rows, TrainingLog.Row::loss, last, values) + "M" + LEFT + " 50h20");
        svg.text("", LEFT + 26, 54, "training loss");
        svg.path("forecast", curve(rows, TrainingLog.Row::mse, last, values) + "M" + (LEFT + 130) + " 50h20");
        svg.text("", LEFT + 156, 54, "validation MSE");
        return svg.end();
    }

    private static String curve(List<TrainingLog.Row> rows, ToDoubleFunction<TrainingLog.Row> error, long last,
            ValueTicks values) {
        StringBuilder path = new StringBuilder();
        for (TrainingLog.Row row : rows) {
            double value = error.applyAsDouble(row);
            if (!Double.isFinite(value)) continue;
            path.append(path.isEmpty() ? 'M' : 'L')
                    .append(ForecastPlot.number(x(row.step(), last)))
                    .append(' ')
                    .append(ForecastPlot.number(y(value, values)));
        }
        return path.toString();
    }

    private static double x(double step, long last) {
        return LEFT + (WIDTH - LEFT - RIGHT) * step / last;
    }

    private static double y(double value, ValueTicks values) {
        return TOP + (HEIGHT - TOP - BOTTOM) * (values.max() - value) / (values.max() - values.min());
    }
}
