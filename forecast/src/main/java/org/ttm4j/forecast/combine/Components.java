package org.ttm4j.forecast.combine;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ttm4j.forecast.rolling.Season;

/**
 * Takes a combined forecast apart into what adds up to it: a level, a straight trend, the seasons of the history as far as the
 * forecast follows them, and what each member makes of the rest, by its weight. Trend and seasons are fitted to the forecast by
 * least squares, shrunk to no trend and the history's seasons, since a short horizon shows little of them.
 */
public final class Components {
    private static final double PENALTY = 0.1;

    /**
     * The contribution of a member to a forecast.
     *
     * @param weights by step
     * @param values by step: weight times forecast
     */
    public record Share(double[] weights, double[] values) {
        Share(int horizon) {
            this(new double[horizon], new double[horizon]);
        }

        void add(Share other, double share) {
            for (int h = 0; h < weights.length; h++) {
                weights[h] += share * other.weights[h];
                values[h] += share * other.values[h];
            }
        }
    }

    private Components() {}

    /** The contributions to share · (first forecast) + (1 − share) · (second forecast). */
    public static Map<String, Share> mixed(Map<String, Share> one, double share, Map<String, Share> other) {
        Map<String, Share> mixed = new LinkedHashMap<>();
        if (share > 0) one.forEach((name, of) -> sum(mixed, name, of.weights.length).add(of, share));
        if (share < 1) other.forEach((name, of) -> sum(mixed, name, of.weights.length).add(of, 1 - share));
        return mixed;
    }

    /** The sum of a name, which begins with zeros. */
    static Share sum(Map<String, Share> sums, String name, int horizon) {
        return sums.computeIfAbsent(name, none -> new Share(horizon));
    }

    /**
     * What contributes to a forecast, by the names that {@link org.ttm4j.forecast.Forecast#components} lists, but for drivers.
     *
     * @param members whose weights add up to 1 in each step, by name
     * @param history that they forecast
     * @param seasons that it may have, shortest first
     */
    public static Map<String, double[]> of(Map<String, Share> members, double[] history, List<Season> seasons) {
        int horizon = members.values().iterator().next().weights.length;
        double[] rest = new double[horizon];
        for (Share member : members.values()) for (int h = 0; h < horizon; h++) rest[h] += member.values[h];
        Map<String, double[]> parts = new LinkedHashMap<>();
        parts.put("trend", IntStream.range(0, horizon).mapToDouble(h -> (h + 1.0) / horizon).toArray());
        double[] deseasonalised = history;
        for (Season season : seasons) {
            TrendAndSeason of = TrendAndSeason.of(deseasonalised, season.steps());
            if (!of.knows(season.steps()) || Arrays.stream(of.profile()).anyMatch(Double::isNaN)) continue;
            deseasonalised = of.deseasonalised();
            parts.put("season." + season.name(), IntStream.range(0, horizon).mapToDouble(of::season).toArray());
        }
        double[] known = Arrays.stream(deseasonalised).filter(value -> !Double.isNaN(value)).toArray();
        int last = Math.max(Combination.FEW, seasons.isEmpty() ? 1 : seasons.get(0).steps());
        double level = Arrays.stream(known, Math.max(0, known.length - last), known.length).average().orElse(0);
        for (int h = 0; h < horizon; h++) rest[h] -= level;
        double[] slopes = slopes(List.copyOf(parts.values()), rest);
        Map<String, double[]> components = new LinkedHashMap<>();
        components.put("level", IntStream.range(0, horizon).mapToDouble(h -> level).toArray());
        components.putAll(parts);
        double[] common = components.get("level").clone();
        int i = 0;
        for (double[] part : parts.values()) {
            double slope = slopes[i++];
            for (int h = 0; h < horizon; h++) common[h] += part[h] *= slope;
        }
        members.forEach((name, member) -> components.put("member." + name,
                IntStream.range(0, horizon)
                        .mapToDouble(h -> member.values[h] - member.weights[h] * common[h])
                        .toArray()));
        return components;
    }

    /** By how much each part is in what is left of a forecast: about 0 for the trend, which comes first, and 1 for others. */
    private static double[] slopes(List<double[]> parts, double[] rest) {
        int n = parts.size();
        double[][] normal = new double[n][n + 1];
        for (int h = 0; h < rest.length; h++) {
            double left = rest[h];
            for (int i = 1; i < n; i++) left -= parts.get(i)[h];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) normal[i][j] += parts.get(i)[h] * parts.get(j)[h];
                normal[i][n] += parts.get(i)[h] * left;
            }
        }
        for (int i = 0; i < n; i++) normal[i][i] += normal[i][i] == 0 ? 1 : PENALTY * normal[i][i];
        double[] slopes = LinearSystem.solve(normal);
        for (int i = 1; i < n; i++) slopes[i]++;
        return slopes;
    }
}
