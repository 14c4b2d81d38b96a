package org.ttm4j.data.grid;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.ttm4j.data.series.Holidays;
import org.ttm4j.data.series.TimeAxis;

/**
 * Columns that may hold texts, such as yes and no or kinds of weather, and the numbers that stand for these: 0 for the first text
 * of a column, and so on. A column whose first cell is a number holds numbers. One object, given to a history and to its known
 * future, gives a text the same number in both. Not thread-safe.
 */
public final class Categories {
    private static final Set<String> MISSING = Set.of("", "na", "n/a", "nan", "null");
    private static final int MOST = 10_000;

    private final Set<String> columns;
    /** By column, the texts with their numbers, in their order; null for a column of numbers. */
    private final Map<String, Map<String, Integer>> texts = new HashMap<>();

    /** Columns whose contents are not known yet. */
    public Categories(Collection<String> columns) {
        this.columns = Set.copyOf(columns);
    }

    /** The indices of the columns whose numbers stand for categories, kinds of holidays included. */
    public int[] among(List<String> names, TimeAxis axis) {
        return IntStream.range(0, names.size())
                .filter(i -> Holidays.named(names.get(i)).isPresent()
                        ? Holidays.haveKinds(axis)
                        : areTexts(names.get(i)))
                .toArray();
    }

    /** Whether a column may hold texts. */
    boolean contains(String column) {
        return columns.contains(column);
    }

    /** Whether a column turned out to hold texts. */
    public boolean areTexts(String column) {
        return texts.get(column) != null;
    }

    /** The texts of a column so far, in the order of their numbers; empty for a column of numbers. */
    public List<String> texts(String column) {
        return areTexts(column) ? List.copyOf(texts.get(column).keySet()) : List.of();
    }

    /** Decides by the first cell that is not missing what its column holds. */
    void decide(String column, boolean isNumber) {
        if (!texts.containsKey(column)) texts.put(column, isNumber ? null : new LinkedHashMap<>());
    }

    /**
     * The number of a cell of texts; NaN where it is missing.
     *
     * @throws IllegalArgumentException when the column has too many different texts for categories
     */
    double code(String column, String cell) {
        if (MISSING.contains(cell.toLowerCase(Locale.ROOT))) return Double.NaN;
        Map<String, Integer> known = texts.get(column);
        Integer code = known.get(cell);
        if (code != null) return code;
        if (known.size() == MOST) throw new IllegalArgumentException("more than " + MOST + " different texts");
        known.put(cell, known.size());
        return known.size() - 1;
    }
}
