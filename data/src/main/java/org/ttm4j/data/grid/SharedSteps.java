package org.ttm4j.data.grid;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.text.Growable;
import org.ttm4j.data.time.FrequencyFinder;

/**
 * Decides for all series of a file on one grid which steps are closed times, and whether steps without a row mean zero.
 * One series alone may have too few rows for that.
 */
final class SharedSteps {
    /** The most steps of the common grid; series that are further apart are judged one by one. */
    private static final int MOST_STEPS = 1 << 27;
    /** The fewest steps of which the first or last can be found to be incomplete. */
    private static final int FEWEST_SUMS = 4;
    /** A step that lacks less than one in so many parts is whole, as at a bound of local time in a file of UTC. */
    private static final int LITTLE = 50;
    /** The same share where times are closed, as they may be on a holiday too. */
    private static final int LITTLE_OPEN = 10;

    private final List<GridBuilder> grids;
    private final BitSet occupied = new BitSet(); // steps in which any of them has a row
    private TimeAxis axis; // of the earliest of them

    private SharedSteps(List<GridBuilder> grids) {
        this.grids = grids;
    }

    /** Decides for series that were built. */
    static void decide(List<GridBuilder> all) throws DataException {
        // By frequency, and the part of it by which steps lie beside those that begin in 1970.
        Map<List<Object>, List<GridBuilder>> byGrid = new LinkedHashMap<>();
        for (GridBuilder one : all) {
            Frequency frequency = one.axis.frequency();
            if (frequency.kind() == Frequency.Kind.NUMBERS) continue;
            boolean isFixed = frequency.kind() == Frequency.Kind.MILLIS;
            long phase = isFixed ? Math.floorMod(one.axis.start(), frequency.count()) : 0;
            byGrid.computeIfAbsent(List.of(frequency.kind(), frequency.count(), phase), none -> new ArrayList<>())
                    .add(one);
        }
        for (List<GridBuilder> grids : byGrid.values()) {
            if (new SharedSteps(grids).decide()) continue;
            for (GridBuilder one : grids) new SharedSteps(List.of(one)).decide();
        }
    }

    /** Returns false where the series are too far from each other. */
    private boolean decide() throws DataException {
        if (!findOccupied()) return false;
        if (grids.get(0).mayClose()) {
            // Opening hours follow the local clock, unless two steps would coincide where it was set back.
            long[] times = occupied.stream().mapToLong(axis::localTimeAt).toArray();
            boolean byClock = IntStream.range(1, times.length).allMatch(i -> times[i - 1] < times[i]);
            Frequency open = axis.frequency()
                    .withoutClosed(byClock ? times : occupied.stream().mapToLong(axis::timeAt).toArray());
            if (open != axis.frequency()) {
                for (GridBuilder grid : grids) grid.close(open, byClock);
                findOccupied();
            }
        }
        Map<Integer, long[]> whole = new HashMap<>();
        for (GridBuilder grid : grids) grid.wholeSums = column -> whole.computeIfAbsent(column, this::wholeSums);
        long steps = grids.stream().mapToLong(grid -> grid.length).sum();
        long withRow = grids.stream().mapToLong(grid -> grid.occupied.cardinality()).sum();
        if (StepRule.areManyAbsent(steps, withRow)) {
            if (StepRule.isByChance(occupied)) decideZero(grids);
            return true;
        }
        // Where most series have a row in each step, the others say by having none that they would have said zero.
        decideZero(grids.stream()
                .filter(grid -> StepRule.areManyAbsent(grid.length, grid.occupied.cardinality())
                        && StepRule.isByChance(grid.occupied))
                .toList());
        return true;
    }

    /** Lets absent steps of the sparse series mean zero in the columns whose values show it. */
    private void decideZero(List<GridBuilder> sparse) {
        Map<Integer, Boolean> zero = new HashMap<>();
        for (GridBuilder grid : sparse) {
            grid.absentIsZero = column -> zero.computeIfAbsent(column,
                    key -> StepRule.absentMeansZero(grid.source.names.get(column), () -> values(sparse, column),
                            () -> values(grids, column)));
        }
    }

    /**
     * The time from which on, and that before which, the sums of a column are whole. The rows of an incomplete first step begin,
     * and those of an incomplete last one end, twice as far from its bounds as those of any other step do.
     *
     * @param column that of the values; all rows count below 0
     */
    private long[] wholeSums(int column) {
        long[] times = grids.stream().flatMapToLong(grid -> grid.joinedTimes(column)).sorted().distinct().toArray();
        long[] whole = {Long.MIN_VALUE, Long.MAX_VALUE};
        if (times.length < FEWEST_SUMS) return whole;
        Frequency own = FrequencyFinder.frequency(times, false);
        Frequency open = (own == null ? FrequencyFinder.usual(times) : own).withoutClosed(times);
        boolean hasClosed = open.isBusinessDay() || open.kind() == Frequency.Kind.OPEN_TIMES;
        TimeAxis counted = hasClosed ? new TimeAxis(times[0], open, 0, axis.format()) : null;
        // Weekends and closed times are not missing where no time lies there.
        LongUnaryOperator count = time -> counted == null ? time : counted.indexOf(time - 1) + 1;
        Growable.Longs before = new Growable.Longs(); // from the start of each step to its first row
        Growable.Longs behind = new Growable.Longs(); // from its last row to its end
        long start = 0;
        long end = Long.MIN_VALUE;
        for (int i = 0; i < times.length; i++) {
            if (times[i] >= end) {
                long index = axis.indexOf(times[i]);
                start = axis.timeAt(index);
                end = axis.timeAt(index + 1);
                before.add(count.applyAsLong(times[i]) - count.applyAsLong(start));
            }
            boolean isLast = i + 1 == times.length || times[i + 1] >= end;
            if (isLast) behind.add(count.applyAsLong(end) - count.applyAsLong(times[i] + 1));
        }
        long steps = before.size();
        if (steps < FEWEST_SUMS) return whole;
        long least = (count.applyAsLong(end) - count.applyAsLong(start)) / (hasClosed ? LITTLE_OPEN : LITTLE);
        long first = before.get(0);
        long last = behind.get(steps - 1);
        if (first > least && first >= 2 * before.stream().skip(1).max().orElse(0)) whole[0] = times[0];
        if (last > least && last >= 2 * behind.stream().limit(steps - 1).max().orElse(0)) whole[1] = start;
        return whole;
    }

    private static Iterator<double[]> values(List<GridBuilder> grids, int column) {
        return grids.stream().map(grid -> grid.values(column)).iterator();
    }

    private boolean findOccupied() {
        occupied.clear();
        axis = grids.stream().map(grid -> grid.axis).min(Comparator.comparingLong(TimeAxis::start)).orElseThrow();
        for (GridBuilder grid : grids) {
            long first = axis.nearestIndex(grid.axis.start());
            if (first + grid.length > MOST_STEPS) return false;
            grid.occupied.stream().forEach(step -> occupied.set((int) first + step));
        }
        return true;
    }
}
