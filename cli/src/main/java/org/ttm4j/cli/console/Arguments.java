package org.ttm4j.cli.console;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.ttm4j.data.series.Printable;

/**
 * A parsed command line: operands, options ({@code --name value} or {@code --name=value}) and flags, in any order;
 * {@code --} ends the options. An option is given once, unless it is {@linkplain Option#repeatable repeatable}. Immutable.
 */
public final class Arguments {
    /** Names that other programs use for an option, with the options that may be meant. */
    private static final Map<String, List<String>> MEANT = Map.ofEntries(meant("-h", "--horizon"),
            meant("--steps", "--horizon"), meant("--periods", "--horizon"), meant("--freq", "--frequency"),
            meant("--level", "--quantiles", "--levels"), meant("--levels", "--quantiles", "--level"),
            meant("--confidence", "--quantiles", "--level"), meant("--interval", "--quantiles", "--level"),
            meant("--html", "--plot F.html"), meant("--svg", "--plot F.svg"), meant("--png", "--plot F.png"),
            meant("-o", "--out"), meant("--output", "--out"), meant("--period", "--season"),
            meant("--seasonality", "--season"), meant("--column", "--target"), meant("--columns", "--target"),
            meant("--date", "--time"), meant("--sep", "--delimiter"), meant("--tz", "--timezone"),
            meant("--round", "--digits"), meant("--decimals", "--digits"));

    private static final int FARTHEST = 3;

    private final List<String> operands;
    private final Map<String, List<String>> options;

    private Arguments(List<String> operands, Map<String, List<String>> options) {
        this.operands = List.copyOf(operands);
        this.options = options;
    }

    /**
     * Parses the words after the command.
     *
     * @throws UsageException when an option is unknown or lacks the value, when one that is not repeatable is given twice, or when
     *     a flag has a value
     */
    public static Arguments parse(List<String> words, List<Option> known) throws UsageException {
        List<String> operands = new ArrayList<>();
        Map<String, List<String>> options = new LinkedHashMap<>();
        boolean onlyOperands = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (onlyOperands || !word.startsWith("-") || word.equals("-")) {
                operands.add(word);
            } else if (word.equals("--")) {
                onlyOperands = true;
            } else {
                int equals = word.indexOf('=');
                Option option = find(equals < 0 ? word : word.substring(0, equals), known);
                String value = equals < 0 ? null : word.substring(equals + 1);
                if (option.isFlag()) {
                    if (value != null) {
                        throw new UsageException(
                                option.name() + ": expected no value, found " + Printable.quoted(value));
                    }
                    value = "";
                } else if (value == null) {
                    if (++i == words.size()) {
                        throw new UsageException(option.name() + ": expected " + option.value() + " after it");
                    }
                    value = words.get(i);
                }
                List<String> values = options.computeIfAbsent(option.name(), name -> new ArrayList<>());
                values.add(value);
                if (values.size() > 1 && !option.repeatable()) {
                    throw new UsageException(option.name() + ": expected it once, found it twice");
                }
            }
        }
        return new Arguments(operands, options);
    }

    /** Whether a word before {@code --} asks for help; {@code -h 24} asks for something else, and is refused with a hint. */
    public static boolean asksForHelp(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--")) return false;
            boolean isNumber = i + 1 < words.size() && words.get(i + 1).matches("\\d+");
            if (word.equals("--help") || word.equals("-h") && !isNumber) return true;
        }
        return false;
    }

    private static Map.Entry<String, List<String>> meant(String name, String... options) {
        return Map.entry(name, List.of(options));
    }

    private static Option find(String name, List<Option> known) throws UsageException {
        for (Option option : known) if (option.name().equals(name)) return option;
        List<String> names = known.stream().map(Option::name).toList();
        // An option may stand with a value, such as --plot F.html.
        String nearest = MEANT.getOrDefault(name, List.of())
                .stream()
                .filter(meant -> names.contains(meant.split(" ")[0]))
                .findFirst()
                .orElseGet(() -> nearest(name, names));
        throw new UsageException(
                "unknown option " + Printable.of(name) + (nearest == null ? "" : ": did you mean " + nearest + "?"));
    }

    /**
     * The word that a mistyped one was meant to be: that with the smallest Levenshtein distance, the first of several; null
     * when none is near.
     */
    public static String nearest(String word, List<String> candidates) {
        int most = Math.min(FARTHEST, word.length() / 2);
        return candidates.stream()
                .filter(candidate -> distance(word, candidate) <= most)
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
                .orElse(null);
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) row[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    /** All operands, at least one. The error names {@code what} was expected. */
    public List<String> operands(String what) throws UsageException {
        if (operands.isEmpty()) throw new UsageException("expected " + what);
        return operands;
    }

    /** The only operand. The error names {@code what} was expected. */
    public String operand(String what) throws UsageException {
        String operand = optionalOperand();
        if (operand == null) throw new UsageException("expected " + what);
        return operand;
    }

    /** The only operand; null when there is none. */
    public String optionalOperand() throws UsageException {
        if (operands.size() > 1) {
            throw new UsageException("expected one operand, found also " + Printable.of(operands.get(1)));
        }
        return operands.isEmpty() ? null : operands.get(0);
    }

    /** Throws UsageException if one of these options is given, saying what was {@code expected} with it. */
    public void requireNone(List<Option> without, String expected) throws UsageException {
        for (Option option : without) {
            if (flag(option.name())) throw new UsageException(option.name() + ": expected " + expected);
        }
    }

    /** Throws UsageException if an operand, or an option that is not among its own, is given beside an option. */
    public void requireOnly(Set<String> own, String beside) throws UsageException {
        for (String name : options.keySet()) {
            if (!own.contains(name)) throw new UsageException(name + " and " + beside + " exclude each other");
        }
        if (optionalOperand() != null) throw new UsageException("expected no file with " + beside);
    }

    public boolean flag(String name) {
        return options.containsKey(name);
    }

    /** The value of an option, or null when it was not given. An empty value is an error. */
    public String text(String name) throws UsageException {
        String value = raw(name);
        if (value != null && value.isBlank()) throw new UsageException(name + ": expected a value, found none");
        return value;
    }

    /** The value of an option that must be given; the error shows {@code what} for it. */
    public String required(String name, String what) throws UsageException {
        String value = text(name);
        if (value == null) throw new UsageException("expected " + name + " " + what);
        return value;
    }

    /** The value of an option as it was given, blank or not; null when it was not given. */
    public String raw(String name) {
        List<String> values = options.get(name);
        return values == null ? null : values.get(0);
    }

    /** The values of a repeatable option as they were given, in their order; empty when it was not given. */
    public List<String> all(String name) {
        return List.copyOf(options.getOrDefault(name, List.of()));
    }

    /** The parts of a value between commas, where one that belongs to a part is written as {@code \,}; none without the option. */
    public List<String> list(String name) throws UsageException {
        String value = text(name);
        if (value == null) return List.of();
        List<String> parts = new ArrayList<>();
        for (String part : value.split("(?<!\\\\),", -1)) {
            if (part.isBlank()) {
                throw new UsageException(
                        name + ": expected a name before and after each comma, found " + Printable.quoted(value));
            }
            parts.add(part.strip().replace("\\,", ","));
        }
        return parts;
    }

    /** The value of an option; an IllegalArgumentException of the supplier becomes the error of the option. */
    public static <T> T read(String name, Supplier<T> value) throws UsageException {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new UsageException(name + ": " + e.getMessage());
        }
    }

    /** A whole number of at least {@code min} and at most {@code max}, or the default when the option was not given. */
    public int integer(String name, int otherwise, int min, int max) throws UsageException {
        return number(name, "a whole number", otherwise, min, max, Integer::valueOf);
    }

    /** A number of at least {@code min} and at most {@code max}, or the default when the option was not given. */
    public double number(String name, double otherwise, double min, double max) throws UsageException {
        return number(name, "a number", otherwise, min, max, Double::valueOf);
    }

    private <N extends Number> N number(String name, String kind, N otherwise, N min, N max, Function<String, N> parse)
            throws UsageException {
        String value = text(name);
        if (value == null) return otherwise;
        try {
            N number = parse.apply(value);
            if (number.doubleValue() >= min.doubleValue() && number.doubleValue() <= max.doubleValue()) return number;
        } catch (NumberFormatException notANumber) {
            // Reported below, with the numbers that are too small or too large.
        }
        throw new UsageException(
                name + ": expected " + kind + " from " + min + " to " + max + ", found " + Printable.quoted(value));
    }

    /** The constant of an enum that an option names, in any case, or the default when the option was not given. */
    public <E extends Enum<E>> E choice(String name, E otherwise, Class<E> type) throws UsageException {
        String value = text(name);
        if (value == null) return otherwise;
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) names.add(constant.name().toLowerCase(java.util.Locale.ROOT));
        int index = names.indexOf(value.toLowerCase(java.util.Locale.ROOT));
        if (index >= 0) return type.getEnumConstants()[index];
        throw new UsageException(
                name + ": expected " + String.join(", ", names) + ", found " + Printable.quoted(value));
    }
}
