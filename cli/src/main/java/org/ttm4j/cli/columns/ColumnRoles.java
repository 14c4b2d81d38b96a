package org.ttm4j.cli.columns;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Holidays;
import org.ttm4j.data.series.Printable;
import org.ttm4j.ttm.train.Channels.Role;

/**
 * The options that give roles to the columns of a CSV, which are the same in all commands that have them.
 *
 * @param named the columns that are named, in the order of the roles and, within a role, of the option
 */
public record ColumnRoles(Map<String, Role> named) {
    static final Option HOLIDAYS = new Option("--holidays", "DE,DE-BY",
            "public holidays of countries or regions as columns whose future is known");
    public static final List<Option> OPTIONS = List.of(
            new Option("--target", "A,B", "columns to forecast (default: all other columns of numbers)"),
            new Option("--known-future", "A,B", "columns whose future is known, such as calendars and plans"),
            new Option("--past-only", "A,B", "columns that the model sees up to the end of the history only"),
            new Option("--static-category", "A,B", "columns with one text for the whole series"),
            new Option("--ignore", "A,B", "columns to leave out"), HOLIDAYS);

    /**
     * The roles that a command line gives.
     *
     * @throws UsageException when a column is named twice, or there are no such holidays
     */
    public static ColumnRoles of(Arguments arguments) throws UsageException {
        Map<String, Role> named = new LinkedHashMap<>();
        Role[] roles = Role.values();
        for (int i = 0; i < roles.length; i++) {
            for (String column : arguments.list(OPTIONS.get(i).name())) {
                Role before = named.putIfAbsent(column, roles[i]);
                if (before != null) {
                    throw new UsageException(option(roles[i]) + ": column " + Printable.quoted(column)
                            + " is already in " + option(before));
                }
            }
        }
        for (String code : arguments.list(HOLIDAYS.name())) {
            named.put(Arguments.read(HOLIDAYS.name(), () -> Holidays.of(code).name()), Role.KNOWN_FUTURE);
        }
        return new ColumnRoles(named);
    }

    /**
     * Throws DataException when a table lacks a named column. Columns of holidays are computed and need not be in it; a
     * missing column of {@code --ignore} only gets a note on the console.
     */
    void require(Input input, CsvFile csv, Console console) throws DataException {
        for (String column : Holidays.others(List.copyOf(named.keySet()))) {
            if (named.get(column) != Role.IGNORED) csv.layout().require(input.name(), column);
            else if (!csv.layout().columns().contains(column)) {
                console.say("note: " + input.name() + " has no column " + Printable.quoted(column) + " (--ignore)");
            }
        }
    }

    public static String option(Role role) {
        return OPTIONS.get(role.ordinal()).name();
    }

    /** The columns of a role, in the order of the option. */
    public List<String> of(Role role) {
        return named.keySet().stream().filter(column -> named.get(column) == role).toList();
    }

    /**
     * The targets among the columns of a file: those named as targets, or else all that have no other role.
     *
     * @param numeric the columns of numbers in the file
     */
    public List<String> targets(List<String> numeric) {
        List<String> targets = of(Role.TARGET);
        if (!targets.isEmpty()) return targets;
        return numeric.stream().filter(column -> !named.containsKey(column)).toList();
    }
}
