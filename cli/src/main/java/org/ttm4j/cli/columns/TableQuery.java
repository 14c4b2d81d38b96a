package org.ttm4j.cli.columns;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.grid.CsvReader;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.text.CsvLimits;
import org.ttm4j.data.text.Dialect;
import org.ttm4j.data.text.Row;
import org.ttm4j.data.text.RowReader;
import org.ttm4j.data.time.TimeOptions;
import org.ttm4j.eval.table.ForecastTable;
import org.ttm4j.eval.table.SeriesRequest;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.jdbc.Column;
import org.ttm4j.jdbc.Database;
import org.ttm4j.jdbc.ForecastWriter;
import org.ttm4j.jdbc.QueryRows;
import org.ttm4j.jdbc.SeriesColumns;
import org.ttm4j.jdbc.SeriesCursor;
import org.ttm4j.jdbc.TableForecast;

/** A query of a database, whose rows are read as those of a file are. Not thread-safe. */
public final class TableQuery {
    private final Database database;
    private final String sql;
    /** The table for the forecasts; null without. */
    private final String into;
    private final int digits;
    private List<Column> columns; // null before the rows are read

    private TableQuery(Database database, String sql, String into, int digits) {
        this.database = database;
        this.sql = sql;
        this.into = into;
        this.digits = digits;
    }

    public static TableQuery of(Arguments arguments, Console console) throws IOException {
        String sql = arguments.required("--query", "SQL");
        if (arguments.optionalOperand() != null) throw new UsageException("expected a file or --jdbc, found both");
        String url = arguments.text("--jdbc");
        if (!url.startsWith("jdbc:")) {
            throw new UsageException("--jdbc: expected a URL such as jdbc:postgresql://host/database");
        }
        Console.silenceLogs();
        Database database = Database.of(url).withEnvironment(System.getenv());
        String credentials = arguments.text("--credentials");
        if (credentials != null) database = database.withCredentials(console.path(credentials));
        String into = arguments.text("--into");
        if (into != null) ForecastWriter.requireName(into);
        if (into != null && database.isInMemory()) {
            throw new UsageException("--into: " + database + " is a database in memory, which ends with this program; "
                    + "name the file of one, or write to a file by --out");
        }
        String driver = arguments.text("--driver");
        if (driver != null) database = database.withDriver(console.path(driver));
        return new TableQuery(database, sql, into, SeriesOptions.digits(arguments));
    }

    CsvFile read(CsvOptions stated) throws IOException {
        try (Connection connection = database.connect(); QueryRows rows = new QueryRows(connection, sql)) {
            columns = rows.columns();
            // A database marks missing values by NULL, so -9999 and the like are values.
            CsvOptions options = options(stated.keepingFillValues());
            requireColumn("time", options.time());
            requireColumn("id", options.id());
            int id = options.id() == null ? -1 : columns.indexOf(column(options.id()));
            CsvFile csv = CsvReader.read(new Cells(rows, id), "query", options);
            return new CsvFile(csv.series(), csv.layout(), csv.staticTexts(), csv.report(),
                    csv.rejected().stream().map(TableQuery::ofRow).toList());
        } catch (DataException e) {
            throw ofRow(e);
        } catch (SQLException closing) {
            throw notClosed(closing);
        }
    }

    /** The same error, with the row of the query in the words of {@link QueryRows}. */
    private static DataException ofRow(DataException e) {
        if (e.line() == 0) return e;
        return new DataException("row " + e.line() + " of the query", 0, e.column(), e.problem(), e);
    }

    /** Requires that what is written beside forecasts is one column of the query. */
    private void requireColumn(String what, String name) throws UsageException {
        if (into == null || name == null || column(name) != null) return;
        throw new UsageException(
                "--into: expected the " + what + " in one column of the query, found " + Printable.quoted(name));
    }

    /**
     * Forecasts the series while they are read and writes them to the table, in bounded memory.
     *
     * @param wanted adds to a request what is asked of it; columns of shares get their bounds here
     * @param times what is known about the times
     * @param mean whether there is a column of means
     * @param levels of the quantiles that have columns
     */
    public TableForecast.Result forecast(Forecaster forecaster, UnaryOperator<ForecastRequest> wanted,
            TimeOptions times, boolean mean, Console console, double... levels) throws IOException {
        try (Connection reading = database.connect();
                Connection another = database.writesWhileItReads() ? null : database.connect();
                SeriesCursor cursor = new SeriesCursor(reading, sql, times);
                ForecastWriter writer = new ForecastWriter(another == null ? reading : another, into, cursor.columns(),
                        levels).withDigits(digits)) {
            if (mean) writer.withMean();
            List<String> channels = cursor.columns().channels();
            TableForecast forecast = new TableForecast(forecaster,
                    request -> SeriesRequest.within(wanted.apply(request), channels));
            TableForecast.Result result = forecast.run(cursor, writer);
            cursor.report().lines().forEach(line -> console.say("repaired: " + line));
            return result;
        } catch (SQLException closing) {
            throw notClosed(closing);
        }
    }

    private static IOException notClosed(SQLException closing) {
        return new IOException("the database does not end the connection: " + closing.getMessage(), closing);
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
     * Writes forecasts into the table.
     *
     * @param csv the series that were forecast
     * @param forecasts one for each of them
     * @param mean whether there is a column of means
     * @return the number of rows
     */
    public long write(CsvFile csv, List<Forecast> forecasts, boolean mean) throws IOException {
        SeriesColumns target = new SeriesColumns(column(csv.layout().id()), column(csv.layout().time()),
                csv.series().get(0).channels());
        try (Connection connection = database.connect();
                ForecastWriter writer = new ForecastWriter(connection, into, target, ForecastTable.levels(forecasts))
                        .withDigits(digits)) {
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

    /** The cells of a query as texts, below the names of its columns. */
    private final class Cells implements RowReader {
        private final QueryRows rows;
        private final int id; // -1 without
        private final CsvLimits limits = CsvLimits.ofThisMachine();
        private long row;

        Cells(QueryRows rows, int id) throws DataException {
            this.rows = rows;
            this.id = id;
            if (columns.size() > limits.columns()) {
                throw new DataException("query", 0, null, "more than " + limits.columns() + " columns");
            }
        }

        @Override
        public Row read() throws IOException {
            if (row++ == 0) return new Row(columns.stream().map(Column::name).toArray(String[]::new), 0);
            if (!rows.next()) return null;
            String[] cells = new String[columns.size()];
            long length = 0;
            for (int i = 0; i < cells.length; i++) {
                cells[i] = Objects.requireNonNullElse(i == id ? rows.id(i) : rows.text(i), "");
                if (cells[i].length() > limits.cellLength()) {
                    throw new DataException("query", row - 1, columns.get(i).name(),
                            "expected at most " + limits.cellLength() + " characters, found " + cells[i].length());
                }
                length += cells[i].length();
            }
            if (length > limits.rowLength()) {
                throw new DataException("query", row - 1, null,
                        "longer than the " + limits.rowLength() + " characters that the memory allows");
            }
            return new Row(cells, row - 1);
        }

        @Override
        public void close() {
            // The opener of the query closes it.
        }
    }
}
