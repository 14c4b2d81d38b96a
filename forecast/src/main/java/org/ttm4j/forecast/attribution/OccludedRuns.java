package org.ttm4j.forecast.attribution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.ttm4j.forecast.explain.Occlusion;
import org.ttm4j.forecast.explain.Target;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.run.ForecastRun;
import org.ttm4j.ttm.run.Predictor;
import org.ttm4j.ttm.series.Rows;

/** Forecasts of a history of which stretches are missing. */
record OccludedRuns(Predictor predictor, Function<double[][], ForecastRun> begin, double[][] history,
        TtmConfig config) {
    /** A stretch that is missing. */
    private record Place(int channel, int from, int to) {}

    /** A prepared pass: the sample of the target, and how its forecast goes back to units. */
    private record Prepared(Predictor.Samples sample, double unit, double offset, double repeated) {

        double target(int row, int output, Rows range) {
            double sum = 0;
            for (int t = range.from(); t < range.to(); t++) {
                sum += Double.isNaN(repeated) ? sample.forecast()[row * output + t] * unit + offset : repeated;
            }
            return sum;
        }
    }

    Occlusion of(Target target, Rows range, int length) {
        if (length < 1) throw new IllegalArgumentException("stretches of " + length + " steps: expected 1 or more");
        List<Place> places = places(begin.apply(history).channels()[target.channel()], length);
        List<Prepared> prepared = new ArrayList<>();
        prepared.add(prepare(history, target));
        for (Place place : places) prepared.add(prepare(without(place), target));
        predictor.predict(prepared.stream().map(Prepared::sample).toList(), null, () -> {});
        int row = config.mixesChannels() ? target.channel() : 0;
        double whole = prepared.get(0).target(row, config.outputLength(), range);
        List<Occlusion.Stretch> stretches = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            double effect = whole - prepared.get(i + 1).target(row, config.outputLength(), range);
            Place place = places.get(i);
            stretches.add(new Occlusion.Stretch(place.channel, place.from, place.to, effect));
        }
        return new Occlusion(target, whole, stretches);
    }

    /** Of all channels that the model reads, or of the target's alone; from the end of the history. */
    private List<Place> places(int channel, int length) {
        int first = Math.max(0, history[0].length - config.contextLength());
        List<Place> places = new ArrayList<>();
        for (int c = 0; c < history.length; c++) {
            if (!config.mixesChannels() && c != channel) continue;
            int at = places.size();
            for (int to = history[c].length; to > first; to -= length) {
                int from = Math.max(first, to - length);
                boolean isMissing = Arrays.stream(history[c], from, to).allMatch(Double::isNaN);
                if (!isMissing) places.add(at, new Place(c, from, to));
            }
        }
        return places;
    }

    private double[][] without(Place place) {
        double[][] changed = history.clone();
        changed[place.channel] = history[place.channel].clone();
        Arrays.fill(changed[place.channel], place.from, place.to, Double.NaN);
        return changed;
    }

    private Prepared prepare(double[][] changed, Target target) {
        ForecastRun run = begin.apply(changed);
        int c = run.channels()[target.channel()];
        Predictor.Samples all = run.samples();
        return new Prepared(config.mixesChannels() ? all : sample(all, c), run.unit(c), run.inUnits(c, 0),
                run.repeated(c));
    }

    /** One sample of a model that sees a channel alone. */
    private Predictor.Samples sample(Predictor.Samples all, int number) {
        int size = predictor.sampleSize();
        int[] tokens = all.tokens() == null ? null : new int[]{all.tokens()[number]};
        return new Predictor.Samples(Arrays.copyOfRange(all.past(), number * size, (number + 1) * size),
                Arrays.copyOfRange(all.mask(), number * size, (number + 1) * size), tokens, null, null,
                new float[config.outputLength()], null, null);
    }
}
