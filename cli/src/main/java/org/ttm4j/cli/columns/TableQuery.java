package org.ttm4j.cli.columns;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.text.Dialect;
import org.ttm4j.eval.table.Cells;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.jdbc.Column;
import org.ttm4j.jdbc.Database;
import org.ttm4j.jdbc.ForecastWriter;
import org.ttm4j.jdbc.QueryRows;
import org.ttm4j.jdbc.SeriesColumns;
import org.ttm4j.jdbc.SeriesCursor;
import org.ttm4j.jdbc.TableForecast;

/**
 * A query of a database, whose rows are read as those of a CSV are.
 *
 * @param columns those of the query
 */
public record TableQuery(Database database, List<Column> columns) {
    /** Reads the rows into a file. */
    static Input read(Arguments arguments, Console console) throws UsageException, IOException {
        String sql = sql(arguments);
        Database database = database(arguments, console);
        Path file = Console.temporary("query");
        try (Connection connection = database.connect();
                QueryRows rows = new QueryRows(connection, sql);
                Writer out = Files.newBufferedWriter(file)) {
            TableQuery query = new TableQuery(database, rows.columns());
            // A database has NULL for what is missing.
            CsvOptions options = query.options(SeriesOptions.of(arguments).keepingFillValues());
            if (arguments.text("--into") != null && query.column(options.time()) == null) {
                throw new UsageException("--into: expected the time in one column of the query, found "
                        + Printable.quoted(options.time()));
            }
            if (arguments.text("--into") != null && options.id() != null && query.column(options.id()) == null) {
                throw new UsageException(
                        "--into: expected the id in one column of the query, found " + Printable.quoted(options.id()));
            }
            copy(rows, out);
            return new Input("query", file, options, query);
        } catch (SQLException closing) {
            throw notClosed(closing);
        }
    }

    /**
     * Forecasts the series of a query into a table, as they are read: those of a table of any size.
     *
     * @param levels of the quantiles that have columns
     */
    public static TableForecast.Result forecast(Arguments arguments, Console console, TableForecast forecast,
            double... levels) throws UsageException, IOException {
        String sql = sql(arguments);
        Database database = database(arguments, console);
        try (Connection reading = database.connect();
                Connection another = database.writesWhileItReads() ? null : database.connect();
                SeriesCursor cursor = new SeriesCursor(reading, sql, SeriesOptions.of(arguments).times());
                ForecastWriter writer = new ForecastWriter(another == null ? reading : another,
                        arguments.text("--into"), cursor.columns(), levels)) {
            if (arguments.flag("--mean")) writer.withMean();
            TableForecast.Result result = forecast.run(cursor, writer);
            cursor.report().lines().forEach(line -> console.say("repaired: " + line));
            return result;
        } catch (SQLException closing) {
            throw notClosed(closing);
        }
    }

    private static String sql(Arguments arguments) throws UsageException {
        String sql = arguments.required("--query", "SQL");
        if (arguments.optionalOperand() != null) throw new UsageException("expected a file or --jdbc, found both");
        return sql;
    }

    private static Database database(Arguments arguments, Console console) throws UsageException, IOException {
        Console.silenceLogs();
        Database database = Database.of(arguments.text("--jdbc")).withEnvironment(System.getenv());
        String credentials = arguments.text("--credentials");
        if (credentials != null) database = database.withCredentials(console.path(credentials));
        String into = arguments.text("--into");
        if (into != null) ForecastWriter.requireName(into);
        if (into != null && database.isInMemory()) {
            throw new UsageException("--into: " + database + " is a database in memory, which ends with this program; "
                    + "name the file of one, or write to a file by --out");
        }
        String driver = arguments.text("--driver");
        return driver == null ? database : database.withDriver(console.path(driver));
    }

    private static IOException notClosed(SQLException closing) {
        return new IOException("the database does not end the connection: " + closing.getMessage(), closing);
    }

    private static void copy(QueryRows rows, Writer out) throws IOException {
        Cells cells = new Cells(Dialect.COMMA);
        int count = rows.columns().size();
        cells.exactRow(out, rows.columns().stream().map(Column::name).toList());
        while (rows.next()) {
            List<String> row = new ArrayList<>(count);
            for (int i = 0; i < count; i++) row.add(Objects.requireNonNullElse(rows.text(i), ""));
            cells.exactRow(out, row);
        }
    }

    /** The time is the first column that holds times, unless it is named; the id is the first column if that is not it. */
    private CsvOptions options(CsvOptions stated) {
        CsvOptions options = stated.withDialect(Dialect.COMMA);
        if (options.time() == null) options = options.withTime(time());
        String first = columns.get(0).name();
        return options.id() == null && !first.equals(options.time()) ? options.withId(first) : options;
    }

    private String time() {
        return columns.stream()
                .filter(column -> column.kind().isTime())
                .findFirst()
                .orElse(columns.get(columns.size() < 3 ? 0 : 1))
                .name();
    }

    /**
     * Writes forecasts into a table.
     *
     * @param csv the series that were forecast
     * @param forecasts one for each of them
     * @param mean whether there is a column of means
     * @return the number of rows
     */
    public long write(String table, CsvFile csv, List<Forecast> forecasts, boolean mean) throws IOException {
        double[] levels = forecasts.stream()
                .flatMap(forecast -> forecast.quantiles().stream())
                .map(quantiles -> quantiles.levels())
                .findFirst()
                .orElse(new double[0]);
        TimeSeries first = csv.series().get(0);
        SeriesColumns target = new SeriesColumns(column(csv.layout().id()), column(csv.layout().time()),
                first.channels());
        try (Connection connection = database.connect();
                ForecastWriter writer = new ForecastWriter(connection, table, target, levels)) {
            if (mean) writer.withMean();
            for (int i = 0; i < forecasts.size(); i++) writer.write(csv.series().get(i), forecasts.get(i));
            writer.commit();
            return writer.rows();
        } catch (SQLException closing) {
            throw notClosed(closing);
        }
    }

    private Column column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst().orElse(null);
    }
}
