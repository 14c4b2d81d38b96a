package org.ttm4j.data.csv;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The numbers of one column that stand for missing ones: of nines alone, such as -9999 or 999.9, as loggers write them, and
 * farther from all other numbers than these lie from each other and from zero. Not thread-safe.
 */
final class FillValues {
    private static final int MOST_CANDIDATES = 4;
    private static final int FEWEST_OTHERS = 10;
    private static final double LEAST_POSITIVE = 999;
    /** No per cent, and hardly a temperature. */
    private static final double LARGEST_NEGATIVE = -99;
    private static final double LARGEST_SIZE = 1e7;
    private static final int MOST_DECIMALS = 3;

    /** A number of nines and where it stood first. */
    private static final class Candidate {
        private final double value;
        private final long line;
        private long count;

        private Candidate(double value, long line) {
            this.value = value;
            this.line = line;
        }
    }

    private List<Candidate> candidates = new ArrayList<>();

    /** Takes a number that may stand for a missing one, which {@link #settle} decides. Returns whether it may. */
    boolean take(double value, long line) {
        if (!isOfNines(value)) return false;
        for (Candidate known : candidates) {
            if (known.value != value) continue;
            known.count++;
            return true;
        }
        if (candidates.size() == MOST_CANDIDATES) return false;
        Candidate first = new Candidate(value, line);
        first.count = 1;
        candidates.add(first);
        return true;
    }

    private static boolean isOfNines(double value) {
        if (value > LARGEST_NEGATIVE && value < LEAST_POSITIVE || Math.abs(value) > LARGEST_SIZE) return false;
        double digits = Math.abs(value);
        for (int decimals = 0; decimals < MOST_DECIMALS && Math.abs(digits - Math.rint(digits)) > 1e-6; decimals++) {
            digits *= 10;
        }
        double next = Math.rint(digits) + 1;
        return Math.abs(digits + 1 - next) <= 1e-6 && Math.pow(10, Math.rint(Math.log10(next))) == next;
    }

    /**
     * Keeps those that are far from the others.
     *
     * @param least of the others
     * @param largest of the others
     * @param others how many there are
     */
    void settle(double least, double largest, long others) {
        double low = least;
        double high = largest;
        List<Candidate> far = new ArrayList<>();
        candidates.sort(Comparator.comparingDouble(candidate -> Math.abs(candidate.value)));
        for (Candidate candidate : candidates) {
            double room = Math.max(high - low, Math.max(Math.abs(high), Math.abs(low)));
            if (others >= FEWEST_OTHERS && (candidate.value > high + room || candidate.value < low - room)) {
                far.add(candidate);
            } else {
                low = Math.min(low, candidate.value);
                high = Math.max(high, candidate.value);
            }
        }
        candidates = far;
    }

    /** Whether a number stands for a missing one. */
    boolean contains(float value) {
        for (Candidate fill : candidates) if ((float) fill.value == value) return true;
        return false;
    }

    /** Reports each of them. */
    void report(RepairLog log, String column) {
        for (Candidate fill : candidates) {
            String number = fill.value == Math.rint(fill.value)
                    ? Long.toString((long) fill.value)
                    : Double.toString(fill.value);
            log.add(RepairReport.Kind.FILL_VALUES, fill.count,
                    () -> "line " + fill.line + ", column " + column + ": " + number);
        }
    }
}
