package org.ttm4j.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.ttm4j.cli.plot.ValueTicks;
import org.ttm4j.eval.backtest.BacktestReport;
import org.ttm4j.eval.backtest.BacktestResult;
import org.ttm4j.forecast.rolling.ForecastErrors;
import org.ttm4j.forecast.rolling.QuantileScores;
import org.ttm4j.forecast.rolling.SimpleForecast;

/** The figures of a backtest over steps and quantiles, in HTML. */
final class StepFigures {
    private static final int VALUE_TICKS = 4;
    private static final int STEP_TICKS = 4;
    /** About how many points a curve has; of more steps, a curve over steps shows every second, third and so on. */
    static final int MOST_POINTS = 500;
    private static final int LEVEL_STYLES = 4;
    /** The error axis reaches so far beyond the model and the strongest simple forecast, and no further. */
    private static final double ROOM = 1.5;

    private final BacktestReport report;
    private final BacktestResult result;
    private final int horizon;

    StepFigures(BacktestReport report) {
        this.report = report;
        result = report.result();
        horizon = result.plan().origins().horizon();
    }

    /** The errors of the model and of the simple forecasts by step. */
    String errors() {
        List<String> styles = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<double[]> curves = new ArrayList<>();
        for (SimpleForecast method : report.shown()) {
            styles.add(method.key());
            names.add(report.name(method));
            curves.add(errors(result.simple().get(method)));
        }
        styles.add("model");
        names.add("model");
        curves.add(errors(result.model()));
        String what = report.scaled() ? "Mean absolute scaled error (MASE)" : "Mean absolute error (MAE)";
        double[] model = curves.get(curves.size() - 1);
        String description = what + " by step. The model’s goes from " + Digits.of(model[0]) + " at step 1 to "
                + Digits.of(model[model.length - 1]) + " at step " + horizon + ".";
        double top = Math.min(highest(curves),
                ROOM * highest(List.of(model, errors(result.simple().get(report.strongest())))));
        List<String> beyond = new ArrayList<>();
        Chart chart = chart(description, fromZero(ValueTicks.of(0, top, VALUE_TICKS)));
        for (int i = 0; i < curves.size(); i++) {
            double highest = highest(List.of(curves.get(i)));
            if (highest > top) beyond.add(names.get(i) + " up to " + Digits.of(highest));
            // A method far beyond the others would squash them: it runs along the upper edge instead.
            chart.line("line " + styles.get(i), steps(),
                    Arrays.stream(curves.get(i)).map(e -> Math.min(e, top)).toArray());
        }
        String cut = beyond.isEmpty() ? "" : ". Beyond the upper edge: " + String.join(", ", beyond);
        return figure(what + " by step" + cut, legend(styles, names) + chart);
    }

    /** The nominal against the observed share of true values below each quantile. */
    String calibration() {
        double[] quantiles = result.plan().grid().quantiles();
        double[] observed = result.model().total().quantiles().below();
        double farthest = 0;
        for (int i = 0; i < quantiles.length; i++) farthest = Math.max(farthest, Math.abs(observed[i] - quantiles[i]));
        Chart chart = new Chart(
                "Observed share of true values below each quantile against the nominal share; the largest "
                        + "difference is " + Digits.percent(farthest),
                0, 1, new ValueTicks(0, 1, new double[]{0, 0.25, 0.5, 0.75, 1},
                        List.of("0 %", "25 %", "50 %", "75 %", "100 %")));
        chart.line("line ideal", new double[]{0, 1}, new double[]{0, 1}).line("line model", quantiles, observed);
        for (int i = 0; i < quantiles.length; i++) {
            chart.dot(quantiles[i], observed[i],
                    "nominal " + Digits.percent(quantiles[i]) + ", observed " + Digits.percent(observed[i]));
        }
        for (int i = 0; i <= 4; i++) chart.tick(i / 4.0, 25 * i + " %", null);
        return figure("Calibration: nominal share (across) against observed share (up). They agree on the dashed line.",
                "<div class=\"square\">\n" + chart + "</div>\n");
    }

    /** The coverage of each level by step. */
    String coverage() {
        double[] levels = result.plan().grid().levels();
        List<String> styles = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<double[]> curves = new ArrayList<>();
        double lowest = 1;
        double highest = 0;
        for (int i = 0; i < levels.length; i++) {
            int level = i;
            double[] curve = curve(h -> scores(h).coverage()[level]);
            for (double share : curve) {
                lowest = Double.isNaN(share) ? lowest : Math.min(lowest, share);
                highest = Double.isNaN(share) ? highest : Math.max(highest, share);
            }
            lowest = Math.min(lowest, levels[i]);
            highest = Math.max(highest, levels[i]);
            styles.add("level" + i % LEVEL_STYLES);
            names.add(Digits.level(levels[i]));
            curves.add(curve);
        }
        Chart chart = chart("Share of true values within the intervals by step, from " + Digits.percent(lowest) + " to "
                + Digits.percent(highest), shares(Math.max(0, lowest - 0.05), Math.min(1, highest + 0.05)));
        for (int i = 0; i < levels.length; i++) {
            chart.line("line ideal", new double[]{1, Math.max(2, horizon)}, new double[]{levels[i], levels[i]});
            chart.line("line " + styles.get(i), steps(), curves.get(i));
        }
        return figure("Coverage by step. The dashed lines are the levels.", legend(styles, names) + chart);
    }

    private QuantileScores scores(int step) {
        return result.model().step(step).quantiles();
    }

    private double[] errors(ForecastErrors errors) {
        return curve(h -> report.error(errors.step(h)));
    }

    private double[] curve(IntToDoubleFunction ofStep) {
        int every = (horizon - 1) / MOST_POINTS + 1;
        return IntStream.range(0, (horizon - 1) / every + 1)
                .mapToDouble(i -> ofStep.applyAsDouble(i * every))
                .toArray();
    }

    private double[] steps() {
        return curve(h -> h + 1);
    }

    private static double highest(List<double[]> curves) {
        double highest = 0;
        for (double[] curve : curves) for (double value : curve) if (value > highest) highest = value;
        return highest;
    }

    /** The same axis without the part below zero. */
    private static ValueTicks fromZero(ValueTicks ticks) {
        return new ValueTicks(0, ticks.max(), ticks.values(), ticks.labels());
    }

    /** An axis of percentages between two shares. */
    private static ValueTicks shares(double from, double to) {
        ValueTicks percent = ValueTicks.of(100 * from, 100 * to, VALUE_TICKS);
        double[] values = percent.values().clone();
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            labels.add(percent.labels().get(i) + " %");
            values[i] /= 100;
        }
        return new ValueTicks(percent.min() / 100, percent.max() / 100, values, labels);
    }

    private Chart chart(String description, ValueTicks values) {
        Chart chart = new Chart(description, 1, Math.max(2, horizon), values);
        int last = -1;
        for (int i = 0; i <= STEP_TICKS; i++) {
            int step = 1 + (int) Math.round((horizon - 1) * (double) i / STEP_TICKS);
            if (step == last) continue;
            last = step;
            chart.tick(step, String.format(Locale.ROOT, "%d", step), null);
        }
        return chart;
    }

    static String legend(List<String> styles, List<String> names) {
        Html html = new Html().raw("<ul class=\"legend\">\n");
        for (int i = 0; i < styles.size(); i++) {
            html.raw("<li><svg viewBox=\"0 0 28 12\" aria-hidden=\"true\"><path class=\"" + styles.get(i)
                    + "\" d=\"M1 6H27\"/></svg>" + Html.escape(names.get(i)) + "</li>\n");
        }
        return html.raw("</ul>\n").toString();
    }

    static String figure(String caption, String content) {
        return new Html().raw("<figure>\n").element("figcaption", caption).raw(content).raw("</figure>\n").toString();
    }
}
