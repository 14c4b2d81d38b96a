package org.ttm4j.cli.command;

import java.util.Locale;
import org.ttm4j.cli.console.Console;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.eval.backtest.Refit;
import org.ttm4j.eval.finetuning.FineTuningSeries;
import org.ttm4j.eval.protocol.Split;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.series.Rows;
import org.ttm4j.ttm.train.FineTuned;
import org.ttm4j.ttm.train.FineTuning;
import org.ttm4j.ttm.train.FineTuningData;
import org.ttm4j.ttm.train.FineTuningOptions;
import org.ttm4j.ttm.train.TrainingDivergedException;

/**
 * Fine-tunes a pre-trained model on the rows before an origin, as {@link FinetuneCommand} does by default: the first four
 * fifths train, the rest validates. Each fit begins with the pre-trained weights.
 *
 * @param base the pre-trained model, which is not changed
 * @param horizon steps to forecast, as many as the model makes at most; 0 for the model's own
 */
record FineTuningRefit(TtmModel base, FineTuningSeries series, int horizon, Console console) implements Refit {
    private static final double TRAINING_SHARE = 0.8;

    @Override
    public Forecaster fit(Rows rows) throws InterruptedException {
        int context = base.config().contextLength();
        int most = base.config().outputLength();
        int steps = horizon == 0 ? most : Math.min(horizon, most);
        int training = (int) (TRAINING_SHARE * rows.length());
        if (training < context + steps || rows.length() - training < steps) {
            throw new IllegalArgumentException("--refit: " + rows.length() + " rows are too few to fine-tune on: four "
                    + "fifths of them have to hold " + context + " + " + steps + " rows, and the rest " + steps
                    + "; choose a later --start or a shorter --horizon");
        }
        int end = rows.from() + training;
        Split split = new Split(new Rows(rows.from(), end), new Rows(end - context, rows.to()),
                new Rows(rows.to(), rows.to()));
        FineTuningData data = series.data((length, least, asked) -> split, 1, context, steps, console::say);
        if (data.channels().inputs().size() < series.roles().inputs().size()) {
            throw new IllegalArgumentException("--refit: all models of a backtest have the same columns; leave what is "
                    + "left out here out of --known-future");
        }
        FineTuned tuned;
        try {
            FineTuningOptions options = FineTuningOptions.defaults().withHorizon(steps == most ? 0 : steps);
            tuned = FineTuning.run(base, data, options, (epoch, best) -> {});
        } catch (TrainingDivergedException e) {
            throw new IllegalArgumentException("--refit: " + e.getMessage(), e);
        }
        TimeAxis axis = series.series().get(0).axis();
        console.say(String.format(Locale.ROOT, "fine-tuned on %s to %s: validation loss %.4f, before %.4f",
                axis.labelAt(rows.from()), axis.labelAt(rows.to() - 1L), tuned.validationLoss(),
                tuned.epochs().get(0).validationLoss()));
        return Forecaster.of(tuned.model(), tuned.channels());
    }
}
