package org.ttm4j.spark;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Forecasts every series of a data set, a row for each time: the rows are brought together by id and sorted, and each
 * partition forecasts its series some hundreds at a time, on one model for each executor.
 *
 * <pre>{@code
 * Dataset<Row> forecasts = TtmForecast.of(readings).id("meter").time("time").value("load").horizon(24).forecast();
 * }</pre>
 *
 * <p>The result has the columns of the id, {@code forecast_timestamp} of the type of the time, {@code step} from 1 on,
 * {@code forecast}, a column for each quantile, such as {@code q10} for 0.1, and {@code problem}: NULL but for a series
 * that cannot be forecast, which has one row that says why.
 *
 * <p>Each series is put on a regular grid, as {@link org.ttm4j.data.csv.SeriesBuilder} says: the order of rows does not
 * matter, NULL and gaps are missing values, and of rows of one time that with the largest value counts. Times of type
 * {@code timestamp} with steps of a day or longer are counted in the days of {@code spark.sql.session.timeZone}; those of
 * {@code timestamp_ntz} and {@code date} are never shifted.
 *
 * <p>The same rows give the same bits, also when a task is run again on another executor, as long as executors have the
 * same CPU and JVM options. A builder: not thread-safe, and each method but the last returns it.
 */
public final class TtmForecast {
    private static final String TIME = "forecast_timestamp";

    private final Dataset<Row> rows;
    private List<String> ids = List.of();
    private String time;
    private String value;
    private int horizon;
    private double[] quantiles = {};
    private String every;
    private String model = ModelName.BUNDLED;
    private String mode;

    private TtmForecast(Dataset<Row> rows) {
        this.rows = rows;
    }

    /** The rows of all series. */
    public static TtmForecast of(Dataset<Row> rows) {
        return new TtmForecast(rows);
    }

    /** The columns that together name the series of a row; without them, all rows are one series. */
    public TtmForecast id(String... columns) {
        ids = List.of(columns);
        return this;
    }

    /** The column of the time: a timestamp, with or without a zone, or a date. */
    public TtmForecast time(String column) {
        time = column;
        return this;
    }

    /** The column of numbers. */
    public TtmForecast value(String column) {
        value = column;
        return this;
    }

    /** The steps to forecast; the model's own unless this is called. */
    public TtmForecast horizon(int steps) {
        horizon = steps;
        return this;
    }

    /** The levels of quantiles, ascending, strictly between 0 and 1. The mode is then {@code balanced} unless it is set. */
    public TtmForecast quantiles(double... levels) {
        quantiles = levels.clone();
        return this;
    }

    /** The time between steps in ISO 8601, such as {@code PT1H}; found for each series unless this is called. */
    public TtmForecast every(String frequency) {
        every = frequency;
        return this;
    }

    /** A bundled model, or a folder that every executor has; each series has the bundled one that suits it otherwise. */
    public TtmForecast model(String nameOrFolder) {
        model = nameOrFolder;
        return this;
    }

    /** {@code fast}, the model alone, which is the default; {@code balanced} or {@code best}, combined as {@code ttm} does. */
    public TtmForecast mode(String name) {
        mode = name;
        return this;
    }

    /**
     * The forecasts, computed when they are used.
     *
     * @throws IllegalArgumentException when a column is absent or has another type, or another value is out of its range;
     *     the message names it
     */
    public Dataset<Row> forecast() {
        TimeColumn times = TimeColumn.of(time, type("time", time));
        ForecastSpec spec = spec(times);
        StructType schema = schema();
        Dataset<Row> forecasts = sorted().mapPartitions(new ForecastPartition(spec, ids.size()), Encoders.row(schema));
        return forecasts.withColumn(TIME, times.fromMicros(TIME));
    }

    /** The columns of the id, the time in microseconds and the value as a float, of a series together and sorted. */
    Dataset<Row> sorted() {
        if (!(type("value", value) instanceof NumericType)) {
            throw new IllegalArgumentException(
                    "value: column " + value + " is " + type("value", value).simpleString() + ", expected numbers");
        }
        List<Column> columns = new ArrayList<>();
        for (String id : ids) {
            type("id", id);
            columns.add(rows.col(quoted(id)).as(id));
        }
        Column micros = TimeColumn.of(time, type("time", time)).toMicros(time).as("time");
        columns.add(micros);
        columns.add(rows.col(quoted(value)).cast(DataTypes.FloatType).as("value"));
        // By place, as an id may be called time.
        Dataset<Row> selected = rows.select(columns.toArray(Column[]::new)).toDF(names());
        Column[] id = Stream.of(names()).limit(ids.size()).map(name -> col(name)).toArray(Column[]::new);
        Column[] order = Stream.of(names()).map(name -> col(name)).toArray(Column[]::new);
        Dataset<Row> together = id.length == 0 ? selected.repartition(1) : selected.repartition(id);
        return together.sortWithinPartitions(order);
    }

    private String[] names() {
        return Stream
                .concat(java.util.stream.IntStream.range(0, ids.size()).mapToObj(i -> "id" + i),
                        Stream.of("time", "value"))
                .toArray(String[]::new);
    }

    ForecastSpec spec(TimeColumn times) {
        String zone = times == TimeColumn.TIMESTAMP
                ? rows.sparkSession().conf().get("spark.sql.session.timeZone")
                : null;
        String chosen = mode != null ? mode : quantiles.length > 0 ? "balanced" : "fast";
        return new ForecastSpec(horizon, quantiles, every, new ModelName(model, ModelName.Mode.of(chosen)), zone);
    }

    private DataType type(String role, String column) {
        if (column == null) throw new IllegalArgumentException(role + ": expected the name of a column");
        for (StructField field : rows.schema().fields()) if (field.name().equals(column)) return field.dataType();
        throw new IllegalArgumentException(
                role + ": no column " + column + " among " + Arrays.toString(rows.columns()));
    }

    private StructType schema() {
        StructType schema = new StructType();
        for (String id : ids) schema = schema.add(id, type("id", id));
        schema = schema.add(TIME, DataTypes.LongType)
                .add("step", DataTypes.IntegerType)
                .add("forecast", DataTypes.FloatType);
        for (double level : quantiles) schema = schema.add(quantileName(level), DataTypes.FloatType);
        return schema.add("problem", DataTypes.StringType);
    }

    /** {@code q10} for 0.1, {@code q2_5} for 0.025. */
    static String quantileName(double level) {
        String percent = java.math.BigDecimal.valueOf(level).movePointRight(2).stripTrailingZeros().toPlainString();
        return "q" + percent.replace('.', '_');
    }

    private static String quoted(String column) {
        return '`' + column.replace("`", "``") + '`';
    }
}
