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
import org.ttm4j.ttm.series.Rows;

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
        Sample sample = sample(target);
        TargetGradient of = sample.gradient(1);
        double[] values = new double[sample.past.length];
        double[] forecast = of.gradients(new float[][]{sample.past}, (gradient, i) -> Arrays.setAll(values, gradient));
        return attribution(target, sample, inUnits(target, forecast[0]), Double.NaN, values, true);
    }

    @Override
    public Attribution integratedGradients(Target target) {
        Sample sample = sample(target);
        TargetGradient of = sample.gradient(Math.min(ROWS, predictor.tile()));
        of.hold();
        List<float[]> baselines = TargetGradient.Integral.baselines(sample.past, sample.mask, config.contextLength());
        TargetGradient.Integral integral = new TargetGradient.Integral(of, sample.past, baselines,
                TOLERANCE * sample.deviation(target));
        return attribution(target, sample, inUnits(target, integral.forecast), inUnits(target, integral.baseline),
                integral.shares, false);
    }

    @Override
    public Occlusion occlusion(Target target, int length) {
        sample(target);
        if (length < 1) throw new IllegalArgumentException("stretches of " + length + " steps: expected 1 or more");
        List<Stretch> stretches = stretches(run.channels()[target.channel()], length);
        List<Prepared> prepared = new ArrayList<>();
        prepared.add(prepare(history, target));
        for (Stretch missing : stretches) prepared.add(prepare(without(missing), target));
        predictor.predict(prepared.stream().map(Prepared::sample).toList(), null, () -> {});
        double[] targets = prepared.stream().mapToDouble(of -> of.target(range(target))).toArray();
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
     * A prepared pass: the sample of the target, and how its forecast goes back to units.
     *
     * @param at where the forecast of the target's channel begins in that of the sample
     */
    private record Prepared(Predictor.Samples sample, int at, double unit, double offset, double repeated) {

        double target(Rows range) {
            double sum = 0;
            for (int t = range.from(); t < range.to(); t++) {
                sum += Double.isNaN(repeated) ? sample.forecast()[at + t] * unit + offset : repeated;
            }
            return sum;
        }
    }

    private Prepared prepare(double[][] changed, Target target) {
        ForecastRun of = begin.apply(changed);
        int c = of.channels()[target.channel()];
        boolean mixes = config.mixesChannels();
        return new Prepared(mixes ? of.samples() : alone(of.samples(), c),
                mixes ? target.channel() * config.outputLength() : 0, of.unit(c), of.inUnits(c, 0), of.repeated(c));
    }

    /** One sample of a model that sees a channel alone. */
    private Predictor.Samples alone(Predictor.Samples all, int number) {
        int size = predictor.sampleSize();
        int[] tokens = all.tokens() == null ? null : new int[]{all.tokens()[number]};
        return new Predictor.Samples(Arrays.copyOfRange(all.past(), number * size, (number + 1) * size),
                Arrays.copyOfRange(all.mask(), number * size, (number + 1) * size), tokens, null, null,
                new float[config.outputLength()], null, null);
    }

    /** The sample of the target, where the model has a part in it. */
    private Sample sample(Target target) {
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
        return new Sample(target);
    }

    /** What the model sees of the channels that it reads with that of a target. */
    private final class Sample {
        private final boolean alone = !config.mixesChannels();
        /** The first of its input channels, and the number of the sample. */
        private final int firstChannel;
        private final int row;
        private final Rows range;
        private final float[] past;
        private final float[] mask;

        Sample(Target target) {
            int size = predictor.sampleSize();
            firstChannel = alone ? run.channels()[target.channel()] : 0;
            row = alone ? 0 : target.channel();
            range = range(target);
            past = Arrays.copyOfRange(run.samples().past(), firstChannel * size, (firstChannel + 1) * size);
            mask = Arrays.copyOfRange(run.samples().mask(), firstChannel * size, (firstChannel + 1) * size);
        }

        TargetGradient gradient(int rows) {
            return new TargetGradient(predictor, run.samples(), firstChannel, row, range, rows);
        }

        int channels() {
            return past.length / config.contextLength();
        }

        /** The standard deviation of the observed values of the target's channel. */
        double deviation(Target target) {
            int from = (run.channels()[target.channel()] - firstChannel) * config.contextLength();
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
    }

    private Rows range(Target target) {
        return target.step() == Target.ALL ? new Rows(0, steps) : new Rows(target.step(), target.step() + 1);
    }

    /** A sum of steps of the target's channel in original units. */
    private double inUnits(Target target, double sum) {
        int channel = run.channels()[target.channel()];
        return sum * run.unit(channel) + (target.step() == Target.ALL ? steps : 1) * run.inUnits(channel, 0);
    }

    /**
     * What belongs to filled and repeated steps goes to those observed, and all to original units.
     *
     * @param values of the sample's past
     * @param derivative whether they are units of the target a unit of the input, else units of the target
     */
    private Attribution attribution(Target target, Sample sample, double forecast, double baseline, double[] values,
            boolean derivative) {
        int context = config.contextLength();
        int read = context - run.paddedSteps();
        double[][] channels = new double[history.length][read];
        double unit = run.unit(run.channels()[target.channel()]);
        for (int i = 0; i < sample.channels(); i++) {
            int c = sample.firstChannel + i;
            Gaps.fillBackward(values, sample.mask, i * context, context);
            double factor = derivative ? unit / run.unit(c) : unit;
            for (int t = 0; t < read; t++) channels[c][t] = values[(i + 1) * context - read + t] * factor;
        }
        return new Attribution(target, forecast, baseline, history[0].length - read, channels);
    }
}
