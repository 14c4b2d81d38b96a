package org.ttm4j.forecast.live;

import java.io.Serializable;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ForecasterInfo;
import org.ttm4j.ttm.run.RunRules;

/**
 * The forecasts that a stream processor makes for each of many series, and their times. Made by {@link #of} and the
 * withers. Immutable: the array is copied.
 *
 * <pre>{@code
 * StreamSettings settings = StreamSettings.of(24, Duration.ofHours(1)).withQuantiles(0.1, 0.9);
 * }</pre>
 *
 * <p>Steps are at the multiples of the frequency since 1970-01-01T00:00Z. A value belongs to the first step at or after its
 * time; of several in one step the one that came last counts, and steps without one are missing. A forecast is made from
 * every multiple of {@code every} that ends a time with a value in it.
 *
 * @param model {@code default} for {@link Forecaster#bundled()}, the name of a bundled model, or a checkpoint folder
 * @param mode {@code fast} for the model alone; {@code balanced} for the combination around it
 * @param horizon steps to forecast
 * @param frequency the time between two steps, whole milliseconds
 * @param every the time between two forecasts of a series, a multiple of the frequency
 * @param context steps of history that are kept and looked at
 * @param quantiles the levels that are wanted, ascending; empty for none
 */
public record StreamSettings(String model, String mode, int horizon, Duration frequency, Duration every, int context,
        double[] quantiles) implements Serializable {
    /** The context of the bundled model that most series are forecast by. */
    public static final int DEFAULT_CONTEXT = 512;
    private static final int MAX_CONTEXT = 1 << 16;

    public StreamSettings {
        RunRules.requireGiven("model", model);
        RunRules.requireGiven("mode", mode);
        RunRules.requireGiven("frequency", frequency);
        RunRules.requireGiven("every", every);
        RunRules.requireGiven("quantiles", quantiles);
        ForecastMode.of(mode);
        if (every.isZero() || every.isNegative()) {
            throw new IllegalArgumentException("every " + every + ": expected a positive time");
        }
        request(horizon, frequency, quantiles);
        if (!isMillis(frequency)) {
            throw new IllegalArgumentException("frequency " + frequency + ": expected a whole number of milliseconds");
        }
        if (!isMillis(every) || every.toMillis() % frequency.toMillis() != 0) {
            throw new IllegalArgumentException(
                    "every " + every + ": expected a multiple of the frequency, " + frequency);
        }
        if (context < 1 || context > MAX_CONTEXT) {
            throw new IllegalArgumentException("context " + context + ": expected 1 to " + MAX_CONTEXT + " steps");
        }
        quantiles = quantiles.clone();
    }

    /** Whether a time is 1 ms or a multiple of it that a long holds. */
    private static boolean isMillis(Duration time) {
        return time.compareTo(Duration.ofMillis(1)) >= 0 && time.compareTo(Duration.ofMillis(Long.MAX_VALUE)) <= 0
                && time.equals(Duration.ofMillis(time.toMillis()));
    }

    /** A forecast at every step, from the default model in mode balanced. */
    public static StreamSettings of(int horizon, Duration frequency) {
        return new StreamSettings(SharedForecasters.DEFAULT, ForecastMode.BALANCED.toString(), horizon, frequency,
                frequency, DEFAULT_CONTEXT, new double[0]);
    }

    /** With the time between two forecasts of a series. */
    public StreamSettings withEvery(Duration time) {
        return new StreamSettings(model, mode, horizon, frequency, time, context, quantiles);
    }

    /** With steps of history to keep and to look at. */
    public StreamSettings withContext(int steps) {
        return new StreamSettings(model, mode, horizon, frequency, every, steps, quantiles);
    }

    /** With the levels of quantiles. */
    public StreamSettings withQuantiles(double... levels) {
        return new StreamSettings(model, mode, horizon, frequency, every, context, levels);
    }

    /** With another model, see {@link #model()}. */
    public StreamSettings withModel(String name) {
        return new StreamSettings(name, mode, horizon, frequency, every, context, quantiles);
    }

    /** With {@code fast} or {@code balanced}. */
    public StreamSettings withMode(String name) {
        return new StreamSettings(model, name, horizon, frequency, every, context, quantiles);
    }

    /**
     * The forecaster, shared by all in this JVM that want the same; loads and warms it up at the first call.
     *
     * @throws IllegalArgumentException when there is no such model, it cannot be read, needs more steps than the context has
     *     or more than a history of one channel, or has no quantiles where some are wanted
     */
    public Forecaster forecaster() {
        Forecaster forecaster = SharedForecasters.get(model, mode);
        ForecasterInfo info = forecaster.info();
        info.requireHistoryOnly(1);
        if (quantiles.length > 0 && !info.combines() && info.intervals().isEmpty()
                && !info.models().stream().allMatch(one -> one.config().quantileHead().enabled())) {
            throw new IllegalArgumentException("quantiles: the model " + model + " has none in mode " + mode
                    + "; use the mode balanced, or a model that was calibrated");
        }
        if (context < info.minimumHistory()) {
            throw new IllegalArgumentException("context " + context + ": the model " + model + " needs at least "
                    + info.minimumHistory() + " steps in mode " + mode);
        }
        return forecaster;
    }

    /** What is asked for, with a history of no step. */
    ForecastRequest request() {
        return request(horizon, frequency, quantiles);
    }

    private static ForecastRequest request(int horizon, Duration frequency, double[] quantiles) {
        ForecastRequest request = ForecastRequest.of(new double[1][0]).withHorizon(horizon).withFrequency(frequency);
        return quantiles.length > 0 ? request.withQuantiles(quantiles) : request;
    }

    @Override
    public double[] quantiles() {
        return quantiles.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StreamSettings of && model.equals(of.model) && mode.equals(of.mode)
                && horizon == of.horizon && frequency.equals(of.frequency) && every.equals(of.every)
                && context == of.context && Arrays.equals(quantiles, of.quantiles);
    }

    @Override
    public int hashCode() {
        return 31 * Objects.hash(model, mode, horizon, frequency, every, context) + Arrays.hashCode(quantiles);
    }

    @Override
    public String toString() {
        return model + " in mode " + mode + ", horizon " + horizon + ", every " + every + " of steps of " + frequency
                + ", context " + context + ", quantiles " + Arrays.toString(quantiles);
    }
}
