package org.ttm4j.eval.plot;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.ttm4j.eval.pretraining.TrainingLog;

/** The curves of a training run: training loss and validation error over steps. */
public final class LossPlot {
    private LossPlot() {}

    /** Draws the curves through any number of rows, which can be 0 or 1, as an SVG. */
    public static String of(String title, List<TrainingLog.Row> rows) {
        long last = rows.isEmpty() ? 1 : rows.get(rows.size() - 1).step();
        Panel panel = Panel.of("", new Axis(0, last, Axis.Kind.COUNTS),
                List.of(curve(ForecastPanel.HISTORY, "training loss", rows, TrainingLog.Row::loss),
                        curve(ForecastPanel.FORECAST, "validation MSE", rows, TrainingLog.Row::mse)));
        return SvgPicture.of(new Chart(title, "training loss and validation error over steps", List.of(panel)));
    }

    private static Curve curve(String style, String name, List<TrainingLog.Row> rows,
            ToDoubleFunction<TrainingLog.Row> error) {
        return Curve.line(style, name, rows.stream().mapToDouble(TrainingLog.Row::step).toArray(),
                rows.stream().mapToDouble(error).toArray());
    }
}
