package org.ttm4j.data.grid;

import java.util.Arrays;
import java.util.BitSet;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ttm4j.data.time.TimeOptions.Resampling;

/**
 * Decides, unless the caller does, how the rows of a step are joined in a column and what steps without a row mean: by the
 * words in the column's name, otherwise by its values.
 */
final class StepRule {
    private static final Pattern AMOUNTS = words(
            "amount|betrag|umsatz|sales|revenue|quantity|qty|menge|montant|visitors|orders|rainfall|niederschlag"
                    + "|neerslag|pr[eé]cipita|gebühr|trinkgeld|versandkosten",
            "fees?|shipping|tips?|debits?|credits?|frais|livraison|env[ií]o|propinas?|importe?s?"
                    + "|counts?|units|sold|events|demand|summe|ventas?|ventes?|vendite|absatz|anzahl|cantidad|turnover");
    /** Names of amounts, and of counters, prices and what sensors measure. */
    private static final Pattern TOTALS = words("total|gross|brutto|netto",
            "net|order[ _.-]?values?|eur|usd|gbp|chf|[$€£]");
    /** Names of parts of an amount, or of their rates where no number is above 1. */
    private static final Pattern PARTS = words("rabatt|mehrwertsteuer",
            "tax(?:es)?|vat|mwst|discounts?|commissions?|taxe|remises?|comisi[oó]n(?:es)?|impuestos?|descuentos?"
                    + "|provision|steuern?");
    /** The whole name of what an order costs, or of what is left of a payment; meters have more, such as energy_total. */
    private static final Pattern ORDERS = Pattern.compile("(?i)(((grand|order|invoice|sub|bill|receipt)[ _.-]?)?total"
            + "|gross|net|brutto|netto)([ _.-]?[(\\[]?(eur|usd|gbp|chf|[$€£])[)\\]]?)?");
    private static final Pattern BALANCES = words("saldo|kontostand", "balances?|soldes?");
    private static final Pattern LEVELS = words(
            "(?<!total[ _.-]?)(?:price|preis|prix|precio|prezzo)(?![ _.-]?total)|kurs|temperatur|humidity|percent|pressure|voltage"
                    + "|probab|wahrscheinlich|intensit|niederschlagsrate",
            "rates?|levels?|stocks?|speed|shares?|ratios?|average|avg|mean");
    /** Neighbours of a level are alike: so much of the variation of a row is that of the row before. */
    private static final double ALIKE = 0.5;
    private static final int FEWEST = 8;
    /** The fewest whole numbers at irregular times that show events. */
    private static final int FEWEST_EVENTS = 20;
    /** Events have counts down to about this one; readings of a level are all far from zero. */
    private static final double LEAST_OF_EVENTS = 1;
    /** The least ratio of the largest to the smallest amount of payments. */
    private static final int SPREAD = 4;
    /** A run of steps without a row is no chance where its probability is below exp of minus this. */
    private static final double CERTAIN = 7;
    /** Steps without a row mean zero where more than this share of all has none. */
    private static final double ABSENT = 0.3;
    /** A file with zeros in at least one row of so many does not omit zeros. */
    private static final int WRITTEN = 20;
    /** The share of rows in which two columns may both have a number although each row has that of one. */
    private static final double FEW = 0.1;

    private StepRule() {}

    /**
     * A pattern for names of columns, in any case.
     *
     * @param parts words that count within longer ones too, such as {@code Rechnungsbetrag} and {@code unitprice}
     * @param whole words that others contain, such as {@code generated} and {@code imbalance}: they count where no letter
     *        stands beside them, and as words of camel case
     */
    private static Pattern words(String parts, String whole) {
        String start = "(?<!\\p{L})|(?-i:(?=\\p{Lu}\\p{Ll}))";
        String end = "(?!\\p{L})|(?-i:(?<=\\p{Ll})(?=\\p{Lu}))";
        return Pattern.compile(parts + "|(?:" + start + ")(?:" + whole + ")(?:" + end + ")",
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    private static boolean has(Pattern words, String name) {
        return words.matcher(name).find();
    }

    /** Whether a column of this name has amounts or prices, and no ids. */
    static boolean isMoney(String name) {
        return Stream.of(AMOUNTS, TOTALS, BALANCES, LEVELS).anyMatch(words -> has(words, name));
    }

    /** Whether a column of this name may have amounts of money, paid or owed. */
    static boolean isPaid(String name) {
        return isMoney(name) && !has(LEVELS, name);
    }

    /** Whether a column of this name has amounts. */
    static boolean isAmount(String name) {
        return has(AMOUNTS, name) && !has(BALANCES, name) && !has(LEVELS, name);
    }

    /**
     * How rows are joined: the last of balances, the mean of prices and levels, the sum of amounts; without such a name, the
     * mean of values that go on from row to row, and the sum of events, which do not.
     *
     * @param values by time, NaN where missing
     * @param repeat whether many rows share a time, as receipts do
     */
    static Resampling joining(String name, double[] values, boolean repeat) {
        if (has(BALANCES, name)) return Resampling.LAST;
        if (has(LEVELS, name)) return Resampling.MEAN;
        boolean isPart = has(PARTS, name) && Arrays.stream(values).anyMatch(value -> Math.abs(value) > 1);
        if (isPart || has(AMOUNTS, name)) return Resampling.SUM;
        boolean areEvents = repeat
                || values.length >= FEWEST_EVENTS && (areFew(values) || has(TOTALS, name) && arePaid(name, values));
        return areEvents && !goesOn(List.of(values)) ? Resampling.SUM : Resampling.MEAN;
    }

    private static boolean areFew(double[] values) {
        return areCounts(values)
                && Arrays.stream(present(values)).min().orElse(Double.POSITIVE_INFINITY) <= LEAST_OF_EVENTS;
    }

    /**
     * Whether these are no finer than cents, and all positive with the least of them small beside the others; or some of them not
     * whole, where the name is that of orders, which may cost about the same and be refunded.
     */
    private static boolean arePaid(String name, double[] values) {
        DoubleSummaryStatistics range = Arrays.stream(present(values)).summaryStatistics();
        boolean areOrders = ORDERS.matcher(name).matches() && range.getMin() < range.getMax()
                && Arrays.stream(present(values)).anyMatch(value -> value != Math.rint(value));
        return (areOrders || range.getMin() > 0 && range.getMin() * SPREAD < range.getMax())
                && Arrays.stream(present(values))
                        .allMatch(value -> Math.abs(value * 100 - Math.rint(value * 100)) <= 1e-6 * Math.abs(value));
    }

    /** Whether so many steps have no row that zeros are rather left out than values missing. */
    static boolean areManyAbsent(long steps, long occupied) {
        return steps - occupied > ABSENT * steps;
    }

    /** Whether the longest run of steps without a row is one that chance gives where so many have one; an outage is not. */
    static boolean isByChance(BitSet occupied) {
        int steps = occupied.length();
        double share = (double) occupied.cardinality() / steps;
        int longest = 0;
        for (int from = 0; from < steps; from = occupied.nextSetBit(from) + 1) {
            longest = Math.max(longest, occupied.nextSetBit(from) - from);
        }
        return longest <= (Math.log(steps) + CERTAIN) / -Math.log1p(-share);
    }

    /**
     * Whether steps without a row, which are many, mean zero: those of counts of which no cell says that one is missing. They
     * must not go on as a level does, and zero must be neither far below the least of them nor written down elsewhere.
     *
     * @param sparse the values of each series that has many such steps, by time, NaN where missing
     * @param all those of each series of the file
     */
    static boolean absentMeansZero(String name, Iterable<double[]> sparse, Iterable<double[]> all) {
        if (has(BALANCES, name) || has(LEVELS, name)) return false;
        long zeros = 0;
        long count = 0;
        for (double[] values : all) {
            for (double value : values) {
                if (Double.isNaN(value)) return false;
                if (value == 0) zeros++;
            }
            count += values.length;
        }
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        long own = 0;
        for (double[] values : sparse) {
            if (!areCounts(values)) return false;
            own += values.length;
            for (double value : values) {
                least = Math.min(least, value);
                most = Math.max(most, value);
            }
        }
        // One sensor of several may lose rows by chance, so its least value must be that of events.
        double mostOfLeast = own < count ? LEAST_OF_EVENTS : Math.max(LEAST_OF_EVENTS, most - least);
        return !goesOn(sparse) && least <= mostOfLeast && zeros * WRITTEN <= count;
    }

    /**
     * Whether the empty cells of a column that is summed are no amount rather than a missing one: another such column has its
     * numbers in these rows and hardly any elsewhere, as credits beside debits, or most cells are empty, now and then.
     *
     * @param own the values by time, NaN where missing
     * @param others those of the other columns that are summed
     */
    static boolean emptyMeansZero(double[] own, Stream<double[]> others) {
        BitSet filled = filled(own);
        int count = filled.cardinality();
        int empty = own.length - count;
        boolean isBesideOthers = others.map(StepRule::filled).anyMatch(other -> {
            int all = other.cardinality();
            other.and(filled);
            int shared = other.cardinality();
            return shared <= FEW * count && all - shared >= (1 - FEW) * empty;
        });
        if (isBesideOthers || count == 0 || empty <= count) return isBesideOthers && empty > 0;
        filled.set(own.length); // what is missing at the end is a run as well
        return isByChance(filled);
    }

    private static BitSet filled(double[] values) {
        return IntStream.range(0, values.length)
                .filter(i -> !Double.isNaN(values[i]))
                .collect(BitSet::new, BitSet::set, BitSet::or);
    }

    private static boolean areCounts(double[] values) {
        for (double value : values) if (value < 0 || !Double.isNaN(value) && value != Math.rint(value)) return false;
        return true;
    }

    private static double[] present(double[] values) {
        return Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
    }

    /** Whether the autocorrelation from row to row is that of a level. */
    private static boolean goesOn(Iterable<double[]> series) {
        long rows = 0;
        double product = 0;
        double square = 0;
        for (double[] all : series) {
            double[] values = present(all);
            double sum = 0;
            for (double value : values) sum += value;
            double mean = sum / values.length;
            for (int i = 0; i < values.length; i++) {
                square += (values[i] - mean) * (values[i] - mean);
                if (i > 0) product += (values[i] - mean) * (values[i - 1] - mean);
            }
            rows += values.length;
        }
        return rows >= FEWEST && product > ALIKE * square;
    }
}
