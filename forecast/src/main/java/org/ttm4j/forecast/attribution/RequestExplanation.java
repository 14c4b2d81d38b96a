package org.ttm4j.forecast.attribution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.ttm4j.forecast.explain.Explanation;
import org.ttm4j.forecast.explain.Explanation.Occlusion.Stretch;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.run.ForecastRun;
import org.ttm4j.ttm.run.Predictor;
import org.ttm4j.ttm.run.RunRules;
import org.ttm4j.ttm.series.Gaps;

/** Explains the first pass of a request. */
public final class RequestExplanation implements Explanation {
    /** The most points that run at a time: those of a part of a line. */
    private static final int ROWS = 7;
    /** The tolerance for a part of a line, relative to the deviation of the target's channel. */
    private static final double TOLERANCE = 1e-4;

    private final Predictor predictor;
    private final TtmConfig config;
    private final Function<double[][], ForecastRun> begin;
    private final double[][] history;
    private final ForecastRun run;
    private final int steps;

    /**
     * Explains a request.
     *
     * @param begin a new run of the request with another history, its first pass prepared
     * @param history of the request
     * @param horizon of the request
     */
    public RequestExplanation(Predictor predictor, Function<double[][], ForecastRun> begin, double[][] history,
            int horizon) {
        this.predictor = predictor;
        this.begin = begin;
        this.history = history;
        config = predictor.model().config();
        run = begin.apply(history);
        steps = Math.min(horizon, config.outputLength());
    }

    @Override
    public int patchLength() {
        return config.patchLength();
    }

    @Override
    public Attribution gradient(Target target) {
        Prepared pass = prepared(target);
        TargetGradient of = new TargetGradient(predictor, pass.sample, pass.first, pass.steps, 1);
        double[] values = new double[pass.sample.past().length];
        double[] forecast = of.gradients(new float[][]{pass.sample.past()},
                (gradient, i) -> Arrays.setAll(values, gradient));
        return attribution(target, pass, pass.inUnits(forecast[0]), Double.NaN, values, true);
    }

    @Override
    public Attribution integratedGradients(Target target) {
        Prepared pass = prepared(target);
        float[] past = pass.sample.past();
        TargetGradient of = new TargetGradient(predictor, pass.sample, pass.first, pass.steps,
                Math.min(ROWS, predictor.tile()));
        of.hold();
        List<float[]> baselines = TargetGradient.Integral.baselines(past, pass.sample.mask(), config.contextLength());
        TargetGradient.Integral integral = new TargetGradient.Integral(of, past, baselines,
                TOLERANCE * deviation(pass, target));
        return attribution(target, pass, pass.inUnits(integral.forecast), pass.inUnits(integral.baseline),
                integral.shares, false);
    }

    @Override
    public Occlusion occlusion(Target target, int length) {
        prepared(target);
        if (length < 1) throw new IllegalArgumentException("stretches of " + length + " steps: expected 1 or more");
        List<Stretch> stretches = stretches(run.channels()[target.channel()], length);
        List<Prepared> prepared = new ArrayList<>();
        prepared.add(prepare(begin.apply(history), target));
        for (Stretch missing : stretches) prepared.add(prepare(begin.apply(without(missing)), target));
        predictor.predict(prepared.stream().map(Prepared::sample).toList(), null, () -> {});
        double[] targets = prepared.stream().mapToDouble(Prepared::target).toArray();
        return new Occlusion(target, targets[0], IntStream.range(0, stretches.size()).mapToObj(i -> {
            Stretch of = stretches.get(i);
            return new Stretch(of.channel(), of.from(), of.to(), targets[0] - targets[i + 1]);
        }).toList());
    }

    /** Of all channels that the model reads, or of the target's alone; from the end of the history. Effects are 0. */
    private List<Stretch> stretches(int channel, int length) {
        int first = Math.max(0, history[0].length - config.contextLength());
        List<Stretch> stretches = new ArrayList<>();
        for (int c = 0; c < history.length; c++) {
            if (!config.mixesChannels() && c != channel) continue;
            int at = stretches.size();
            for (int to = history[c].length; to > first; to -= length) {
                int from = Math.max(first, to - length);
                boolean isMissing = Arrays.stream(history[c], from, to).allMatch(Double::isNaN);
                if (!isMissing) stretches.add(at, new Stretch(c, from, to, 0));
            }
        }
        return stretches;
    }

    private double[][] without(Stretch missing) {
        double[][] changed = history.clone();
        changed[missing.channel()] = history[missing.channel()].clone();
        Arrays.fill(changed[missing.channel()], missing.from(), missing.to(), Double.NaN);
        return changed;
    }

    /**
     * A prepared pass: what the model reads with the channel of the target, and how the forecast of that goes back to units.
     *
     * @param sample one, of all channels or of the target's alone
     * @param input the first input channel of the sample
     * @param first where the steps of the target begin in the forecast of the sample
     * @param steps of the target
     * @param repeated the forecast of a channel that never varies; else NaN
     */
    private record Prepared(Predictor.Samples sample, int input, int first, int steps, double unit, double offset,
            double repeated) {

        double target() {
            double sum = 0;
            for (int t = first; t < first + steps; t++) {
                sum += Double.isNaN(repeated) ? sample.forecast()[t] * unit + offset : repeated;
            }
            return sum;
        }

        /** A sum over the steps in original units. */
        double inUnits(double sum) {
            return sum * unit + steps * offset;
        }
    }

    private Prepared prepare(ForecastRun of, Target target) {
        int c = of.channels()[target.channel()];
        boolean mixes = config.mixesChannels();
        boolean isAll = target.step() == Target.ALL;
        return new Prepared(mixes ? of.samples() : alone(of.samples(), c), mixes ? 0 : c,
                (mixes ? target.channel() * config.outputLength() : 0) + (isAll ? 0 : target.step()), isAll ? steps : 1,
                of.unit(c), of.inUnits(c, 0), of.repeated(c));
    }

    /** One sample of a model that sees a channel alone. */
    private Predictor.Samples alone(Predictor.Samples all, int number) {
        int size = predictor.sampleSize();
        int[] tokens = all.tokens() == null ? null : new int[]{all.tokens()[number]};
        return new Predictor.Samples(Arrays.copyOfRange(all.past(), number * size, (number + 1) * size),
                Arrays.copyOfRange(all.mask(), number * size, (number + 1) * size), tokens, null, null,
                new float[config.outputLength()], null, null);
    }

    /** The pass of the request, where the model has a part in the target. */
    private Prepared prepared(Target target) {
        RunRules.requireGiven("target", target);
        int[] channels = run.channels();
        if (target.channel() >= channels.length) {
            throw new IllegalArgumentException(
                    "channel " + target.channel() + ": the forecast has " + channels.length + " channels");
        }
        if (target.step() >= steps) {
            throw new IllegalArgumentException("step " + target.step() + ": the first pass of the forecast has " + steps
                    + " steps, 0 to " + (steps - 1));
        }
        if (!Double.isNaN(run.repeated(channels[target.channel()]))) {
            throw new IllegalArgumentException("channel " + target.channel() + " never varies, or has no value in the "
                    + "last " + config.contextLength()
                    + " steps: its forecast is its last value, and the model has no part in it");
        }
        return prepare(run, target);
    }

    /** The standard deviation of the observed values of the target's channel. */
    private double deviation(Prepared pass, Target target) {
        float[] past = pass.sample.past();
        float[] mask = pass.sample.mask();
        int from = (run.channels()[target.channel()] - pass.input) * config.contextLength();
        double count = 0;
        double sum = 0;
        double squares = 0;
        for (int t = from; t < from + config.contextLength(); t++) {
            count += mask[t];
            sum += mask[t] * past[t];
        }
        for (int t = from; t < from + config.contextLength(); t++) {
            squares += mask[t] * Math.pow(past[t] - sum / count, 2);
        }
        return Math.sqrt(squares / count);
    }

    /**
     * What belongs to filled and repeated steps goes to those observed, and all to original units.
     *
     * @param values of the sample's past
     * @param derivative whether they are units of the target a unit of the input, else units of the target
     */
    private Attribution attribution(Target target, Prepared pass, double forecast, double baseline, double[] values,
            boolean derivative) {
        int context = config.contextLength();
        int read = context - run.paddedSteps();
        // Channels that the model does not read share one array, or memory would grow with the square of their number.
        double[][] channels = new double[history.length][];
        Arrays.fill(channels, new double[read]);
        for (int i = 0; i < values.length / context; i++) {
            int c = pass.input + i;
            channels[c] = new double[read];
            Gaps.fillBackward(values, pass.sample.mask(), i * context, context);
            double factor = derivative ? pass.unit / run.unit(c) : pass.unit;
            for (int t = 0; t < read; t++) channels[c][t] = values[(i + 1) * context - read + t] * factor;
        }
        return new Attribution(target, forecast, baseline, history[0].length - read, channels);
    }
}
