package org.ttm4j.ttm.published;

import java.time.Duration;
import java.time.Period;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.ttm4j.ttm.config.Resolution;

/**
 * The published checkpoints of the third generation, and which of them the reference takes for a history. The lite
 * checkpoints are a grid of their own: a choice is among these or among the others. Thread-safe.
 *
 * <pre>{@code
 * PublishedModel choice = PublishedModels.choose(700, 48, Duration.ofHours(1), false); // 768-48-dec-512-r3
 * TtmModel model = choice.load(Path.of("checkpoints"), 48);
 * }</pre>
 */
public final class PublishedModels {
    /** Context, horizon and residual context of the decomposed models. */
    private static final int[][] DECOMPOSED = {{52, 16, 52}, {90, 30, 90}, {156, 16, 52}, {180, 60, 180},
            {360, 60, 360}, {512, 30, 90}, {512, 48, 512}, {512, 96, 512}, {512, 336, 512}, {768, 48, 512},
            {1024, 48, 512}};
    private static final int[] SINGLE_CONTEXTS = {1024, 1536, 2048, 2560, 3072};
    private static final int[] SINGLE_HORIZONS = {96, 720};

    /** Shapes of the two releases before, among which fixed rules look for what would have been taken then. */
    private static final int[][] SHORT_BEFORE = {{52, 16}, {90, 30}, {180, 60}, {360, 60}, {512, 48}, {512, 96}};
    private static final int[] CONTEXTS_BEFORE = {512, 1024, 1536};
    private static final int[] HORIZONS_BEFORE = {96, 192, 336, 720};

    /** Beyond this horizon a decomposed model is not preferred to a single one. */
    private static final int DECOMPOSED_HORIZON = 336;
    private static final int LONG_HISTORY = 2500;
    private static final int HALF_A_YEAR = 512;
    private static final int FULL_CONTEXT = 756;
    private static final Duration YEAR = Duration.ofDays(365);

    private PublishedModels() {}

    /** All lite checkpoints, or all others, shortest context first. */
    public static List<PublishedModel> all(boolean lite) {
        List<PublishedModel> models = new ArrayList<>();
        for (int[] shape : DECOMPOSED) models.add(new PublishedModel(shape[0], shape[1], shape[2], lite));
        for (int context : SINGLE_CONTEXTS) {
            for (int horizon : SINGLE_HORIZONS) models.add(new PublishedModel(context, horizon, 0, lite));
        }
        return List.copyOf(models);
    }

    /**
     * The checkpoint of a name.
     *
     * @throws IllegalArgumentException when none has this name
     */
    public static PublishedModel of(String name) {
        return all(name.contains("-lite")).stream()
                .filter(model -> model.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no published checkpoint is called " + name));
    }

    /**
     * The checkpoint that the reference takes: by its fixed rules, which may give a context longer than the history, and
     * where none applies by {@link #nearest}.
     *
     * @param steps of history
     * @param horizon steps to forecast
     * @param frequency between two steps; null when unknown
     * @param lite whether to choose among the lite checkpoints
     */
    public static PublishedModel choose(int steps, int horizon, TemporalAmount frequency, boolean lite) {
        requireLengths(steps, horizon);
        Optional<int[]> before = before(steps, horizon, frequency);
        if (before.isEmpty()) return nearest(steps, horizon, lite);
        int context = before.get()[0];
        int length = before.get()[1];
        boolean isShort = steps <= HALF_A_YEAR;
        String middle = steps < FULL_CONTEXT ? "768-48-dec-512" : "1024-48-dec-512";
        String name = null;
        if (steps > LONG_HISTORY) name = horizon > 96 ? "2048-720" : "2048-96";
        else if (context == 52 || isYearly(frequency)) name = isShort ? "156-16-dec-52" : middle;
        else if (context == 90) name = isShort ? "512-30-dec-90" : middle;
        else if (context == 512 && length == 48) name = middle;
        else if (context == 1536 && (length == 96 || length == 720)) name = "2048-" + length;
        return name == null ? nearest(steps, horizon, lite) : of(name + (lite ? "-lite" : "") + "-r3");
    }

    private static void requireLengths(int steps, int horizon) {
        if (steps >= 1 && horizon >= 1) return;
        throw new IllegalArgumentException(
                "a history of " + steps + " steps and a horizon of " + horizon + ": expected at least 1 each");
    }

    /** Context and horizon of what would have been taken of the releases before, where there is anything. */
    private static Optional<int[]> before(int steps, int horizon, TemporalAmount frequency) {
        List<int[]> shapes = new ArrayList<>(List.of(SHORT_BEFORE));
        if (Resolution.of(frequency).token() < Resolution.DAY.token()) {
            for (int context : CONTEXTS_BEFORE) {
                for (int length : HORIZONS_BEFORE) {
                    shapes.add(new int[]{context, length});
                }
            }
        }
        return shapes.stream()
                .filter(shape -> shape[0] <= steps && shape[1] >= horizon)
                .min(Comparator.<int[]>comparingInt(shape -> -shape[0]).thenComparingInt(shape -> shape[1]));
    }

    private static boolean isYearly(TemporalAmount frequency) {
        if (frequency instanceof Period period) {
            return period.toTotalMonths() == 12 || period.getDays() >= YEAR.toDays();
        }
        return frequency instanceof Duration step && step.compareTo(YEAR) >= 0;
    }

    /**
     * The checkpoint that fits best: of those whose context the history fills (all, if none), those that reach the horizon
     * (all, if none), the one that misses least of the horizon, has exactly the horizon, exceeds it least, leaves least of
     * the history unused, is decomposed (for horizons up to 336), has the longest context and the shortest horizon; each
     * decides where those before are equal.
     */
    public static PublishedModel nearest(int steps, int horizon, boolean lite) {
        requireLengths(steps, horizon);
        List<PublishedModel> filled = orAll(all(lite), model -> model.context() <= steps);
        List<PublishedModel> reaching = orAll(filled, model -> model.horizon() >= horizon);
        return reaching.stream()
                .min(Comparator.comparingInt((PublishedModel model) -> Math.max(0, horizon - model.horizon()))
                        .thenComparing(model -> model.horizon() != horizon)
                        .thenComparingInt(model -> Math.max(0, model.horizon() - horizon))
                        .thenComparingInt(model -> Math.max(0, model.context() - steps))
                        .thenComparingInt(model -> Math.max(0, steps - model.context()))
                        .thenComparing(model -> !model.decomposed() || horizon > DECOMPOSED_HORIZON)
                        .thenComparingInt(model -> -model.context())
                        .thenComparingInt(PublishedModel::horizon))
                .orElseThrow();
    }

    private static List<PublishedModel> orAll(List<PublishedModel> models, Predicate<PublishedModel> condition) {
        List<PublishedModel> some = models.stream().filter(condition).toList();
        return some.isEmpty() ? models : some;
    }

    /** The checkpoint and those that the reference combines with it ({@link CheckpointEnsemble}), itself first. */
    public static List<PublishedModel> withCompanions(PublishedModel model) {
        String suffix = (model.lite() ? "-lite" : "") + "-r3";
        List<String> names = switch (model.name().replace(suffix, "")) {
            case "156-16-dec-52" -> List.of("52-16-dec-52");
            case "512-30-dec-90" -> List.of("180-60-dec-180");
            case "768-48-dec-512" -> List.of("512-48-dec-512");
            case "2048-96", "2048-720" -> longer(model);
            default -> List.of();
        };
        List<PublishedModel> all = new ArrayList<>(List.of(model));
        for (String name : names) all.add(of(name + suffix));
        return all;
    }

    private static List<String> longer(PublishedModel model) {
        List<String> names = new ArrayList<>();
        if (!model.lite()) names.add("1536-" + model.horizon());
        names.add("2560-" + model.horizon());
        names.add("3072-" + model.horizon());
        return names;
    }
}
